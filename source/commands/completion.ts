import {UserError} from '../errors.ts';
import type {CommandEntry} from './commands.ts';
import {defineCommand, type AnyCommand} from './command.ts';
import {formatCompletion, shells, type Shell} from './completion-script.ts';
import {everywhereOptions} from './everywhere.ts';

export const completion = defineCommand({
	arguments: [{name: 'SHELL', meaning: 'bash, zsh or fish'}],
	options: {},
	examples: ['holdfast completion bash > /etc/bash_completion.d/holdfast', 'holdfast completion zsh > /usr/local/share/zsh/site-functions/_holdfast', 'holdfast completion fish > ~/.config/fish/completions/holdfast.fish'],
	needs: 'nothing',
	async run({values, output}) {
		const [shell] = values;
		if (!shells.includes(shell as Shell)) {
			throw new UserError(`There is no completion for "${shell}".`, {code: 'usage', hint: `There is for ${shells.join(', ')}.`});
		}

		const {commands} = await import('./commands.ts');
		const words = await Promise.all(commands.map(async entry => ({entry, command: await entry.load()})));
		await output.result({shell}, () => formatCompletion(shell as Shell, words.map(({entry, command}) => describe(entry, command))));
	},
});

const describe = ({name, summary}: CommandEntry, {options}: AnyCommand) => ({name, summary, options: [...Object.keys(options), ...Object.keys(everywhereOptions)]});
