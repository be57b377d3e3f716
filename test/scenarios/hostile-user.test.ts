/**
A USER who tries every command, with every option and argument, on everything that is denied. The lines are made from the table of commands: a new command, option or
argument for which nobody decided what a hostile USER would name with it fails here. What exists and is denied must not be told from what does not exist.
*/
import {existsSync, readFileSync} from 'node:fs';
import {symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {Context} from '../../source/actions/context.ts';
import {startDownload} from '../../source/actions/downloads.ts';
import {startRestore} from '../../source/actions/restores.ts';
import type {AnyCommand} from '../../source/commands/command.ts';
import {commands, type CommandEntry} from '../../source/commands/commands.ts';
import {formatError} from '../../source/commands/output.ts';
import {runCommandIn} from '../../source/commands/run-command.ts';
import {everything} from '../../source/domain/restore.ts';
import {exitCodes, UserError} from '../../source/errors.ts';
import {waitForTasks} from '../../source/actions/wait-for-tasks.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

/** What a USER may do within the rights; every other command must refuse whatever is asked of it. */
const forUsers: ReadonlySet<string> = new Set([
	'account list',
	'account show',
	'backup list',
	'backup show',
	'backup files',
	'backup find',
	'backup diff',
	'backup cat',
	'restore',
	'rollback',
	'download create',
	'download list',
	'download save',
	'download delete',
	'queue list',
	'queue show',
	'queue watch',
	'queue abort',
	'queue retry',
	'condition list',
	'user passwd',
	'completion',
]);

/** They want a terminal, or more than one option, before anything else is looked at; the role is asked by the action, as `permissions.test.ts` sees. */
const asksFirst: ReadonlySet<string> = new Set(['recovery-key show', 'user create']);

/** What exists and is denied, and what does not exist. */
type Pair = readonly [denied: string, missing: string];

/** What can be named by an argument or an option: something of the USER's own, and what a hostile one would try. */
type Named = {readonly own: string; readonly pairs: readonly Pair[]};

type Kind = 'account' | 'backup' | 'task' | 'download' | 'path' | 'pattern' | 'item' | 'itemFrom' | 'fullPath' | 'job' | 'tag' | 'group' | 'user' | 'condition' | 'destination' | 'orphan' | 'setting' | 'file' | 'effect' | 'words';

/** The words of arguments and options, with the noun of the command where a word means several things. */
const wordsOfKind: Readonly<Record<Kind, readonly string[]>> = {
	account: ['account NAME', 'backup NAME', 'download NAME', 'restore NAME', 'orphan NAME'],
	backup: ['backup ID', 'backup ID2', 'restore ID', 'download create ID'],
	task: ['queue ID', 'rollback ID'],
	download: ['download ID'],
	path: ['backup PATH', 'P'],
	pattern: ['PATTERN', 'GLOB'],
	item: ['ITEM[:PART]'],
	itemFrom: ['ITEM=ID'],
	fullPath: ['rights PATH'],
	job: ['JOB', 'J', 'job NAME'],
	tag: ['T', 'tag NAME'],
	group: ['G', 'group NAME'],
	user: ['U', 'user NAME', 'rights USER'],
	condition: ['CONDITION', 'condition ID'],
	destination: ['destination NAME', 'job D'],
	orphan: ['account UUID', 'orphan UUID'],
	setting: ['KEY'],
	file: ['F', 'FILE', 'DIR', 'DEST', 'KEYFILE'],
	effect: ['EFFECT'],
	words: [
		'init NAME',
		'account encryption P',
		'account KEY',
		'account list KEY',
		'audit T',
		'download T',
		'job COPY',
		'D',
		'STATUS',
		'TEXT',
		'E',
		'N',
		'DB',
		'ADDRESS=DIR',
		'K',
		'DATE',
		'SHELL',
		'ITEM',
		'S',
		'VALUE',
		'KIND',
		'ROLE',
		'EMAIL',
		'\'#aabbcc\'',
		'\'daily@02:30 keep 7\'',
	],
};
const kindOfWord = new Map((Object.keys(wordsOfKind) as Kind[]).flatMap(kind => wordsOfKind[kind].map(word => [word, kind] as const)));

const kindOf = (command: string, word: string): Kind | undefined => kindOfWord.get(`${command} ${word}`) ?? kindOfWord.get(`${command.split(' ', 1)[0]!} ${word}`) ?? kindOfWord.get(word);

type Told = {readonly code: number; readonly text: string};

type World = {
	readonly server: Server;
	readonly named: Readonly<Record<Kind, Named>>;
	readonly run: (entry: CommandEntry, line: readonly string[]) => Promise<Told>;
};

const missingId = 'zzzzzzzzzzzzzzz1';
const missingUuid = 'deadbeef-1111-4222-8333-444455556666';
/** How a command ends that is not for USERs. */
const harmless: ReadonlySet<number> = new Set([exitCodes.refused, exitCodes.usage, exitCodes.notFound]);
const secret = /CANARY|canary|48611|bob/v;

/** What a command tells, whatever it tells it by. */
const capture = async (work: () => Promise<number>): Promise<Told> => {
	const {stdout, stderr} = process;
	const {write: writeOut} = stdout;
	const {write: writeError} = stderr;
	let text = '';
	const take = ((chunk: string | Uint8Array): boolean => {
		text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
		return true;
	}) as typeof stdout.write;
	stdout.write = take;
	stderr.write = take;

	try {
		return {code: await work(), text};
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		return {code: exitCodes[error.code], text: `${text}${formatError(error, false)}`};
	} finally {
		stdout.write = writeOut;
		stderr.write = writeError;
	}
};

const setUp = async (t: ExecutionContext): Promise<World> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'dave', uid: 5003}]);
	const home = server.machine.home('alice');
	const password = server.machine.path('password');
	await writeFile(password, 'geheim\n');
	await server.run('setting', 'set', 'machine.name', 'web1');
	await server.write('alice', {
		'public_html/index.php': 'hello', 'public_html/private/canary.txt': 'CANARY of alice', '.ssh/canary': 'C'.repeat(48_611),
	});
	await symlink('private', join(home, 'public_html/way'));
	await server.write('bob', {'canary.txt': 'CANARY of bob'});
	await server.write('dave', {'canary.txt': 'CANARY of dave'});
	await server.run('job', 'create', 'canaryjob');
	await server.run('account', 'set', 'alice', 'bob', '--add-tag', 'canarytag', '--owner', 'dave');
	await server.run('backup', 'create', 'alice', 'bob', 'dave');
	await server.machine.setAccounts([{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', password]);
	await server.json(['user', 'create', 'oscar', '--role', 'operator', '--email', 'canary@example.com', '--password-file', password]);
	await server.run('rights', 'allow', 'carol', `web1!file:${home}/public_html`);
	await server.run('rights', 'deny', 'carol', `web1!file:${home}/public_html/private`);
	const {backups} = await server.json<{readonly backups: readonly BackupDocument[]}>(['backup', 'list']);
	const of = (name: string): BackupDocument => backups.find(({account}) => account === name)!;
	// Parts of an item that only the record names.
	await server.context.store.update('backups', of('alice').accountUuid, draft => {
		draft.backups = draft.backups.map(backup => ({
			...backup, items: [...backup.items.filter(({name}) => name !== 'databases'), {
				name: 'databases', status: 'complete', sizeBytes: 48_611, fileCount: 1, error: null, parts: [{
					name: 'canary_shop', kind: 'mysql', status: 'complete', sizeBytes: 48_611, error: null,
				}],
			}],
		}));
	});

	const carol: Context = {...server.context, actor: {name: 'carol', role: 'user', isSignedIn: true}};
	const restore = {selection: {rules: [{path: 'public_html/index.php', isIncluded: true}], excludes: []}, target: {type: 'original'}, isMerge: false} as const;
	const tasks = [
		await startRestore(carol, {...restore, backup: of('alice').id}),
		await startDownload(carol, {backup: of('alice').id, selection: restore.selection}),
		await startDownload(server.context, {backup: of('bob').id, selection: everything}),
	];
	const [restored, packed, bobs] = await waitForTasks(server.context, tasks);
	t.deepEqual([restored?.state, packed?.state, bobs?.state], ['completed', 'completed', 'completed']);
	// What is live has changed since, and must stay so.
	await server.write('alice', {'public_html/private/canary.txt': 'LIVE', '.ssh/canary': 'LIVE'});
	await server.write('bob', {'canary.txt': 'LIVE'});

	const words: Named = {own: '1', pairs: []};
	const {destinations} = await server.context.store.read('destinations');
	const named: Readonly<Record<Kind, Named>> = {
		account: {own: 'alice', pairs: [['bob', 'nix'], ['dave', 'nix'], [of('bob').accountUuid, missingUuid]]},
		backup: {
			own: of('alice').id,
			pairs: [[of('bob').id, missingId], [of('bob').id.slice(0, 8), missingId.slice(0, 8)], ['latest:bob', 'latest:nix'], [of('dave').id, missingId]],
		},
		task: {own: restored!.id, pairs: [[bobs!.id, missingId], [bobs!.id.slice(0, 6), missingId.slice(0, 6)]]},
		download: {own: packed!.download!, pairs: [[bobs!.download!, missingId]]},
		path: {
			own: 'public_html/index.php',
			pairs: [
				['.ssh/canary', '.ssh/nix'],
				['public_html/private/canary.txt', 'public_html/private/nix.txt'],
				[`${home}/.ssh/canary`, `${home}/.ssh/nix`],
				[`${server.machine.home('bob')}/canary.txt`, `${server.machine.home('bob')}/nix.txt`],
				['public_html/way/canary.txt', 'public_html/way/nix.txt'],
				['.//.ssh/./canary', './/.ssh/./nix'],
				['public_html/../.ssh/canary', 'public_html/../.ssh/nix'],
				[String.raw`\x2essh/canary`, String.raw`\x2essh/nix`],
			],
		},
		pattern: {own: 'index.php', pairs: [['canary*', 'nixnix*'], ['.ssh/**', '.nix/**'], ['public_html/private/**', 'public_html/nix/**']]},
		item: {own: 'homedir', pairs: [['databases:canary_shop', 'databases:nix'], ['databases', 'zones'], ['databases:mysql:canary_shop', 'databases:mysql:nix']]},
		itemFrom: {own: `homedir=${of('alice').id}`, pairs: [[`homedir=${of('bob').id}`, `homedir=${missingId}`], ['homedir=latest:bob', 'homedir=latest:nix']]},
		fullPath: {own: `web1!file:${home}`, pairs: [['web1', 'nix']]},
		job: {own: 'nightly', pairs: [['canaryjob', 'nixnixnix']]},
		tag: {own: 'canarytag', pairs: [['canarytag', 'nix']]},
		group: {own: 'High', pairs: [['High', 'nix']]},
		user: {own: 'carol', pairs: [['oscar', 'nix']]},
		condition: {own: missingId, pairs: []},
		destination: {own: destinations[0]!.name, pairs: [[destinations[0]!.id, missingId]]},
		orphan: {own: of('dave').accountUuid, pairs: [[of('dave').accountUuid, missingUuid]]},
		setting: {own: 'machine.name', pairs: [['machine.name', 'nix.nix']]},
		file: {own: '/etc/hostname', pairs: [['/etc/shadow', '/etc/nix'], [`${server.state}/users.json`, `${server.state}/nix`]]},
		effect: {own: 'allow', pairs: []},
		words,
	};

	return {
		server,
		named,
		async run(entry, line) {
			const interruption = new AbortController();
			// What follows something ends by itself only then.
			const timer = entry.name === 'queue watch'
				? setTimeout(() => {
					interruption.abort('SIGINT');
				}, 500)
				: undefined;
			const told = await capture(async () => runCommandIn({
				async openTerminal() {
					throw new Error('A command opened the screens.');
				}, openFor: async () => carol, interruption: () => interruption.signal,
			}, entry, [...line, '--sign-in']));
			clearTimeout(timer);

			return told;
		},
	};
};

type Attempt = {readonly line: readonly string[]; readonly value: string};

/** The line with what is the USER's own, and lines in which one thing after the other is something that is not. */
const attemptsOf = ({named}: World, {name}: CommandEntry, {arguments: declared, options}: AnyCommand): {readonly own: readonly string[]; readonly pairs: ReadonlyArray<readonly [Attempt, Attempt]>; readonly flags: ReadonlyArray<readonly string[]>} => {
	const valueOf = (word: string): Named => named[kindOf(name, word)!];
	const always = Object.keys(options).includes('yes') ? ['--yes'] : [];
	const own = declared.filter(({count}) => count !== 'optional').map(argument => valueOf(argument.name).own);
	const inPlace = (index: number, value: string): Attempt => ({line: [...declared.slice(0, Math.max(index + 1, own.length)).map((argument, position) => position === index ? value : valueOf(argument.name).own), ...always], value});
	const ofArguments = declared.flatMap((argument, index) => valueOf(argument.name).pairs.map(([denied, missing]) => [inPlace(index, denied), inPlace(index, missing)] as const));
	const ofOptions = Object.entries(options).flatMap(([option, declaration]) => declaration.type === 'flag'
		? []
		: valueOf(declaration.placeholder).pairs.map(([denied, missing]) => [denied, missing].map((value): Attempt => ({line: [...own, ...always, `--${option}`, value], value})) as unknown as readonly [Attempt, Attempt]));
	const valued = Object.entries(options).flatMap(([option, declaration]) => declaration.type === 'flag' ? [] : [[`--${option}`, declaration.choices?.[0] ?? valueOf(declaration.placeholder).own]]);
	const flags = Object.entries(options).flatMap(([option, {type}]) => type === 'flag' && option !== 'yes' ? [[`--${option}`]] : []);

	return {own: [...own, ...always], pairs: [...ofArguments, ...ofOptions], flags: [...valued, ...flags].map(each => [...own, ...always, ...each])};
};

test('of every argument and option of every command it is decided what a hostile USER would name with it', async t => {
	const open: string[] = [];

	for (const entry of commands) {
		const {arguments: declared, options} = await entry.load();
		const words = [...declared.map(({name}) => name), ...Object.values(options).flatMap(option => option.type === 'flag' ? [] : [option.placeholder])];
		open.push(...words.filter(word => kindOf(entry.name, word) === undefined).map(word => `${entry.name}: ${word}`));
	}

	t.deepEqual(open, []);
	t.deepEqual([...forUsers].filter(name => commands.every(entry => entry.name !== name)), []);
});

test('nothing denied comes out, by any command, and nothing denied is told from what is not there', async t => {
	const world = await setUp(t);
	const {server, run} = world;
	const before = await readEverything(server);
	const problems: string[] = [];

	for (const entry of commands) {
		const {own, pairs, flags} = attemptsOf(world, entry, await entry.load());
		const isForUsers = forUsers.has(entry.name);
		const codes = new Set<number>();
		const attempt = async (line: readonly string[]): Promise<Told> => {
			const told = await endsInTime(run(entry, line), `${entry.name} ${line.join(' ')}`);
			codes.add(told.code);

			if (secret.test(withoutTyped(told.text, line)) || !(isForUsers || harmless.has(told.code))) {
				problems.push(`${entry.name} ${line.join(' ')}: ${told.code} ${told.text}`);
			}

			return told;
		};

		await attempt(own);

		for (const line of flags) {
			await attempt(line);
		}

		for (const [denied, missing] of isForUsers ? pairs : pairs.slice(0, 1)) {
			const [one, other] = [await attempt(denied.line), await attempt(missing.line)];

			if (one.code !== other.code || withoutValue(one.text, denied.value, missing.value) !== withoutValue(other.text, missing.value, denied.value)) {
				problems.push(`${entry.name} ${denied.line.join(' ')}: ${one.code} ${one.text}; for ${missing.value}: ${other.code} ${other.text}`);
			}
		}

		if (!isForUsers && !asksFirst.has(entry.name) && !codes.has(exitCodes.refused)) {
			problems.push(`${entry.name} is refused by nothing but its usage.`);
		}
	}

	t.deepEqual(problems, []);
	t.deepEqual(await readEverything(server), before);

	for (const file of [join(server.machine.home('alice'), 'public_html/private/canary.txt'), join(server.machine.home('alice'), '.ssh/canary'), join(server.machine.home('bob'), 'canary.txt')]) {
		t.is(readFileSync(file, 'utf8'), 'LIVE');
	}

	t.false(existsSync('/etc/nix'));
});

const endsInTime = async <Result>(work: Promise<Result>, what: string): Promise<Result> => {
	const timer = Promise.withResolvers<never>();
	const timeout = setTimeout(() => {
		timer.reject(new Error(`It does not end: ${what}`));
	}, 60_000);

	try {
		return await Promise.race([work, timer.promise]);
	} finally {
		clearTimeout(timeout);
	}
};

const wordsOf = (text: string): readonly string[] => text.split(/\W+/v);

/** Who typed a name learns nothing from seeing it again. */
const withoutTyped = (text: string, line: readonly string[]): string => {
	let told = text.replaceAll('canarytag', '');

	for (const word of new Set(line.flatMap(each => wordsOf(each)).filter(each => secret.test(each)))) {
		told = told.replaceAll(word, '');
	}

	return told;
};

/** What is told of a value, but for what it has and the other has not, and for ids and durations, which differ each time. */
const withoutValue = (text: string, value: string, other: string): string => {
	const others = wordsOf(other);
	let told = text;

	for (const [index, word] of wordsOf(value).entries()) {
		told = word === others[index] ? told : told.replaceAll(word, 'VALUE');
	}

	return told.replaceAll(/\b[\da-z]{16}\b/gv, 'ID').replaceAll(/ in \d+ s\b/gv, '');
};

/** What no USER may change. */
const readEverything = async ({context: {store}}: Server): Promise<unknown> => {
	const {users} = await store.read('users');
	const {identities} = await store.read('accounts');
	const rest = await Promise.all((['settings', 'destinations', 'jobs', 'tags', 'conditions', 'groups'] as const).map(async name => store.read(name)));

	return {users, identities: identities.map(identity => ({...identity, lastSeenAt: '', hadBackupAt: ''})), rest};
};
