/** Makes screenshots/: the real program on a new sandbox, driven by keys; what its terminal shows is written as SVG. */
import {
	mkdir,
	mkdtemp,
	readdir,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Terminal, type Condition, type TerminalOptions} from '../test/terminal.ts';
import {toSvg} from './terminal-svg.ts';

const folder = 'screenshots';
const wide: TerminalOptions = {columns: 120, rows: 32};

/** Keys to press, what must be seen then, and the name of the picture; without a name none is taken. */
type Step = readonly [keys: readonly string[], shows: Condition, name?: string];

const openFiles: readonly Step[] = [
	[[], 'last backup', 'home'],
	[['enter'], '❯ alice', 'accounts'],
	[['space', 'space', 'b'], 'Back up 2 accounts now', 'confirm'],
	[['n', 'A', 'home', '?'], 'Keys: Accounts', 'help'],
	[['escape', ':', 'orph'], '❯ orphans', 'palette'],
	[['escape', '/', 'ali'], '1 of', 'filter'],
	[['enter', 'enter'], 'the newest', 'account'],
	[['enter'], 'CREATED', 'backups'],
	[['down', 'down', 'enter'], 'Choose files and folders', 'backup'],
	[['enter'], /everything +\d/v],
	[['down', 'space', 'down', 'enter'], 'ticked:', 'files'],
	[['a', 'R'], 'nothing is done yet', 'restore'],
	[['end', 'up', 'up', 'up', 'up', 'enter'], 'PATH', 'plan'],
	[['escape', 'R'], 'Restore into', 'typed-name'],
	[['alice', 'enter'], 'What next', 'result'],
	[['3'], '0 running, 0 waiting', 'queue'],
	[['4'], 'RECLAIMABLE', 'orphans'],
	[['q'], text => !text.includes('holdfast ›')],
];

const lookWide: readonly Step[] = [
	[['2'], '❯ alice', 'wide-accounts'],
	[['enter', 'enter'], 'CREATED', 'wide-backups'],
	[['enter', 'enter'], /everything +\d/v],
	[['down', 'enter', 'down'], 'Modified', 'wide-files'],
	[['q'], text => !text.includes('holdfast ›')],
];

const administer: readonly Step[] = [
	[['2'], '❯ alice'],
	[['enter'], 'the newest'],
	[['down', 'down', 'down', 'down', 'enter'], 'nobody here reads them', 'encryption'],
	[[':', 'users'], '❯ users'],
	[['enter'], '❯ ada', 'users'],
	[['down', 'down', 'enter'], 'what no exception covers', 'rights'],
	[['q'], text => !text.includes('holdfast ›')],
];

const take = async (line: readonly string[], steps: readonly Step[], options?: TerminalOptions): Promise<void> => {
	const screen = new Terminal(line, options);

	for (const [keys, shows, name] of steps) {
		screen.press(...keys);
		await screen.shows(shows);

		if (name !== undefined) {
			await writeFile(join(folder, `${name}.svg`), toSvg(screen.buffer, screen.size));
		}
	}

	await screen.ends();
};

const sandbox = await mkdtemp(join(tmpdir(), 'holdfast-screenshots-'));

try {
	await mkdir(folder, {recursive: true});

	for (const name of await readdir(folder)) {
		await rm(join(folder, name));
	}

	await take(['demo', sandbox], openFiles);
	await take(['demo', sandbox], administer);
	await take(['demo', sandbox], lookWide, wide);
} finally {
	await rm(sandbox, {recursive: true, force: true});
}
