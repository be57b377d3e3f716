import type {LayerName} from '../keys/keymap.ts';
import {wrapWords} from '../look/fit.ts';
import {
	muted,
	plain,
	strong,
	type Line,
} from '../look/span.ts';

type Example = {readonly rules: string; readonly meaning: string};

/** Default rule and exceptions of restoration rights, and what they come to. */
const examples: readonly Example[] = [
	{rules: 'allow, no exception', meaning: 'everything.'},
	{rules: 'deny, no exception', meaning: 'nothing: a disabled user.'},
	{rules: 'deny + allow web1!file:/home/alice', meaning: 'that tree only.'},
	{rules: 'allow + deny web1!file:/etc', meaning: 'all but it.'},
	{rules: 'allow + deny web2', meaning: 'all of every other machine.'},
	{rules: 'deny + allow web1!file:/home + deny web1!file:/home/bob + allow web1!file:/home/bob/public', meaning: '/home/bob/public is denied, by /home/bob.'},
];

const limitations = [
	'A deny that covers a path denies it; else an allow that covers it allows it; else the default rule decides. The order never matters.',
	'There are no wildcards. An allow never opens a deny again. Renamed machines or folders need new rules. Hard links and bind mounts are other paths. Rights are about what is stored, not about live files.',
	'Plugins: file (homes), mysql, postgresql, mail, cron, dns, cert, ftp, config, dbuser. For all but file the path is /account/part.',
];

const rightsTopic = (width: number): readonly Line[] => [
	[strong('Examples')],
	...examples.flatMap(({rules, meaning}, index): readonly Line[] => wrapWords(`${index + 1}  ${rules}: ${meaning}`, width).map((text, row) => [plain(row === 0 ? text : `   ${text}`)])),
	[],
	[strong('How it is decided')],
	...limitations.flatMap(sentence => wrapWords(sentence, width).map((text): Line => [muted(text)])),
];

const topics: Partial<Record<LayerName, (width: number) => readonly Line[]>> = {rights: rightsTopic, walk: rightsTopic};

/** What there is to know of a screen beside its keys. */
export const topicLines = (name: LayerName, width: number): readonly Line[] => {
	const lines = topics[name]?.(width) ?? [];

	return lines.length === 0 ? [] : [[], ...lines];
};
