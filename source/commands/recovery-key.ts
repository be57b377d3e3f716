import {rm} from 'node:fs/promises';
import {resolve} from 'node:path';
import process from 'node:process';
import {replaceRecoveryKey, showRecoveryKey} from '../actions/recovery-key.ts';
import {writeSecret} from '../actions/write-secret.ts';
import {UserError} from '../errors.ts';
import {canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {wantYes} from './show-key-once.ts';

export const recoveryKeyShow = defineCommand({
	arguments: [],
	options: {},
	details: ['Only at a terminal. That it was shown, and to whom, is in the audit log.'],
	examples: ['holdfast recovery-key show'],
	needs: 'setup',
	async run({context, output}) {
		if (output.isJson || !canAsk() || !process.stdout.isTTY) {
			throw new UserError('The recovery key is shown at a terminal alone.', {code: 'usage', hint: 'Type this at one, without --json and without a pipe.'});
		}

		const key = await showRecoveryKey(context);
		await output.result(undefined, () => describe(key));
	},
});

export const recoveryKeyReplace = defineCommand({
	arguments: [],
	options: {
		'recovery-key-out': {type: 'text', placeholder: 'FILE', meaning: 'writes the new key to a new file (0600) instead of showing it, and asks nothing'},
		'master-key': {type: 'flag', meaning: 'makes the server\'s master key anew, too'},
	},
	json: '{"destinations": […]}: the names of those that the new key opens',
	details: ['Nothing that is stored is written anew. The old recovery key opens this server\'s destinations no longer; copies of them that were made before it still does. All destinations must be there, and nothing may run.'],
	examples: ['holdfast recovery-key replace', 'holdfast recovery-key replace --recovery-key-out /root/recovery-key --master-key'],
	needs: 'setup',
	async run({context, options, output}) {
		const file = options['recovery-key-out'];

		if (file === undefined && (output.isJson || !canAsk())) {
			throw new UserError('The new recovery key has to go somewhere, and there is no terminal to show it on.', {code: 'usage', hint: 'Name a new file with --recovery-key-out.'});
		}

		const destinations = await replaceRecoveryKey(context, {
			isServerKeyReplaced: options['master-key'],
			...file !== undefined && {takeBack: async () => rm(resolve(file))},
			async handOut(key) {
				if (file !== undefined) {
					await writeSecret(resolve(file), `Recovery key of Holdfast\n${key}\n`, 'The recovery key');
					return;
				}

				output.note(describe(key));
				await wantYes('Write it down now; the old one is of no use then. Is it stored? (yes or no)', 'Nothing was changed: the old recovery key stays.');
			},
		});

		await output.result({destinations: destinations.map(({name}) => name)}, () => `The recovery key is replaced${file === undefined ? '' : `; the new one is in ${file}`}. The old one opens nothing of this server any more.`);
	},
});

const describe = (key: string): string => [
	'RECOVERY KEY',
	'',
	...key.split('\n').map(line => `  ${line}`),
	'',
	'Without this key a lost server cannot be rebuilt from its backups.',
	'Keep it away from this server: on paper, or in a password safe.',
].join('\n');
