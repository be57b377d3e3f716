export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What a shell has to know of a command. */
export type CompletedCommand = {readonly name: string; readonly summary: string; readonly options: readonly string[]};

/** A completion script for nouns, verbs and options; file names complete as they do by default. */
export const formatCompletion = (shell: Shell, commands: readonly CompletedCommand[]): string => {
	switch (shell) {
		case 'bash': {
			return bash(commands);
		}

		case 'zsh': {
			return `#compdef holdfast\nautoload -Uz bashcompinit && bashcompinit\n${bash(commands)}`;
		}

		case 'fish': {
			return fish(commands);
		}
	}
};

const firstWords = (commands: readonly CompletedCommand[]): readonly string[] => [...new Set(commands.map(({name}) => name.split(' ', 1)[0]!))];

const verbsOf = (noun: string, commands: readonly CompletedCommand[]): readonly CompletedCommand[] => commands.filter(({name}) => name.startsWith(`${noun} `));

const optionsOf = ({options}: CompletedCommand): string => options.map(option => `--${option}`).join(' ');

/** Written apart, as a dollar and a brace mean something in both languages. */
const completedWord = (index: string | number): string => ['$', '{COMP_WORDS[', index, ']}'].join('');

const bash = (commands: readonly CompletedCommand[]): string => [
	'_holdfast() {',
	`\tlocal current="${completedWord('COMP_CWORD')}" words=""`,
	`\tcase "$COMP_CWORD:${completedWord(1)} ${completedWord(2)}" in`,
	`\t\t1:*) words="${firstWords(commands).join(' ')} --help --version" ;;`,
	...firstWords(commands).filter(noun => verbsOf(noun, commands).length > 0).map(noun =>
		`\t\t2:${noun}\\ *) words="${verbsOf(noun, commands).map(({name}) => name.split(' ', 2)[1]).join(' ')} --help" ;;`),
	...commands.map(command => `\t\t*:${command.name.includes(' ') ? command.name.replace(' ', String.raw`\ `) : String.raw`${command.name}\ *`}) words="${optionsOf(command)}" ;;`),
	'\tesac',
	'\tCOMPREPLY=($(compgen -W "$words" -- "$current"))',
	'}',
	'complete -o default -F _holdfast holdfast',
].join('\n');

const fish = (commands: readonly CompletedCommand[]): string => {
	const firsts = firstWords(commands);

	return [
		...firsts.map(word => `complete -c holdfast -n "not __fish_seen_subcommand_from ${firsts.join(' ')}" -f -a ${word}${commandSummary(word, commands)}`),
		...commands.filter(({name}) => name.includes(' ')).map(command => {
			const [noun, verb] = command.name.split(' ') as [string, string];
			const verbs = verbsOf(noun, commands).map(({name}) => name.split(' ', 2)[1]).join(' ');

			return `complete -c holdfast -n "__fish_seen_subcommand_from ${noun}; and not __fish_seen_subcommand_from ${verbs}" -f -a ${verb} -d ${quote(command.summary)}`;
		}),
		...commands.flatMap(command => command.options.map(option =>
			`complete -c holdfast -n "__fish_seen_subcommand_from ${command.name.replace(' ', '; and __fish_seen_subcommand_from ')}" -l ${option}`)),
	].join('\n');
};

const commandSummary = (word: string, commands: readonly CompletedCommand[]): string => {
	const command = commands.find(({name}) => name === word);

	return command ? ` -d ${quote(command.summary)}` : '';
};

const quote = (text: string): string => `'${text.replaceAll('\'', String.raw`\'`)}'`;
