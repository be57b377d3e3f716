import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {createDemo, type Demo} from '../actions/demo/create-demo.ts';
import {quoteArgument} from '../domain/quote-argument.ts';
import {defineCommand} from './command.ts';

export const demo = defineCommand({
	arguments: [{name: 'DIR', meaning: 'a new or empty folder, or an earlier sandbox; without it holdfast-demo among your own state', count: 'optional'}],
	options: {},
	json: '{directory, stateDirectory, destination, accounts, users [{name, role}], password (of each of them), isNew}',
	details: [
		'Makes a sandbox: accounts, homes with sites and mail, a history of real backups, an orphan, an account that was removed and made again, and a user of each role. It needs no root and touches nothing else. Then it opens the terminal on it.',
		'With --json, or without a terminal, it only makes the sandbox and says how to use it.',
	],
	examples: ['holdfast demo', 'holdfast demo /tmp/sandbox --json'],
	needs: 'nothing',
	async run({values, output, interruption, openTerminal}) {
		const [directory] = values;
		const isOpening = !output.isJson && process.stdin.isTTY && process.stdout.isTTY;
		const made = await createDemo(resolve(directory ?? defaultDirectory()), {
			signal: interruption(),
			onMaking() {
				output.note('Making a sandbox: users, homes, and twelve days of backups …');
			},
		});

		if (isOpening) {
			await openTerminal(made.context);
		}

		const {context, ...facts} = made;
		await output.result(facts, () => describe(made));
	},
});

const defaultDirectory = (): string => {
	const base = process.env.XDG_STATE_HOME;

	return join(base === undefined || base === '' ? join(homedir(), '.local', 'state') : base, 'holdfast-demo');
};

const describe = ({directory, stateDirectory, accounts, users, password}: Demo): string => {
	const command = `holdfast --state ${quoteArgument(stateDirectory)}`;

	return [
		`The sandbox is in ${directory}; its accounts are ${accounts.join(', ')}.`,
		`Its users are ${users.map(({name, role}) => `${name} (${role})`).join(', ')}; the password of each is "${password}".`,
		`  ${command}`,
		`  ${command} backup list alice`,
		`  ${command} restore latest:alice --dry-run`,
		`  ${command} --as uma`,
		`Remove it with: rm -rf ${quoteArgument(directory)}`,
	].join('\n');
};
