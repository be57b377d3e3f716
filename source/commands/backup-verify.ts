import {requirePermission} from '../actions/action.ts';
import {startVerify} from '../actions/verify.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const backupVerify = defineCommand({
	arguments: [{...backupArgument, count: 'optional'}],
	options: {
		'read-data': {type: 'flag', meaning: 'reads and checks every stored byte, too; without it only that everything has a place in a pack that is there'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
		...ownerKeyOptions,
	},
	json: `the task: ${taskFields}`,
	details: [
		'Proves that backups can be restored: the one named, or all. Ends with 7 when one is damaged; it and all others that the damage reaches are marked as damaged, and the files are named.',
		'What is damaged and still exists is stored anew by the next backup; then older backups that need it are whole again, and verify says so.',
	],
	examples: ['holdfast backup verify', 'holdfast backup verify latest:alice --read-data', 'holdfast backup verify --read-data --detach'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output, interruption} = invocation;
		const [backup] = values;
		await requirePermission(invocation.context, 'startVerify');
		const context = await withOwnerKeys(invocation, backup === undefined ? {type: 'account', account: undefined} : {type: 'backups', backups: [backup]}, {isOptional: true});
		const queued = await startVerify(context, {backup, isDataRead: options['read-data']});

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});
