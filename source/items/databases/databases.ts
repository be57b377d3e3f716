/** One part a database: its dump, and what is known about it. */
import {isOwnDatabase, isOwnUser} from '../../domain/owned-names.ts';
import type {Item, RestoreContext} from '../item.ts';
import {NothingThereError} from '../nothing-there.ts';
import {pickPart} from '../pick-part.ts';
import {sizeOfFolder} from '../size-of-folder.ts';
import {readFacts} from './facts.ts';
import {findDatabases, openServer} from './find-databases.ts';
import {mendSwap} from './recover-swaps.ts';
import type {DatabaseServer} from './server.ts';
import {openSwapJournal} from './swap-journal.ts';

export const databases: Item = {
	name: 'databases',
	isOfFiles: false,
	bareName: part => part.replace(/^(?:mysql|postgresql):/v, ''),

	async discover(context) {
		const found = await findDatabases(context);

		return found.map(({part}) => part);
	},

	async readKind(folder) {
		const {kind} = await readFacts(folder);

		return kind;
	},

	async capture(context) {
		const all = await findDatabases(context);
		const found = all.find(({part}) => part === context.part);

		if (found === undefined) {
			throw new Error('the database vanished before it was read');
		}

		const names = await found.server.list();

		if (!names.includes(found.name)) {
			throw new NothingThereError(`the database ${found.server.kind}:${found.name} of the account's settings does not exist`);
		}

		return found.server.capture(found.name, context.folder);
	},

	async landsIn(context) {
		const server = context.kind === undefined ? undefined : await openServer(context.kind, context);

		return server?.dataFolder();
	},

	async plan(context) {
		const {isLive} = await openPart(context);
		const sizeBytes = await sizeOfFolder(context.folder);

		if (!isLive) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return context.isMerge ? {action: 'keep', reason: 'it exists', sizeBytes} : {action: 'overwrite', reason: 'imported beside, counted, then swapped in', sizeBytes};
	},

	async putBack(context) {
		const {server, name} = await openPart(context);
		const {identities} = await context.store.read('accounts');
		const journal = openSwapJournal(context.store.directory);
		const swaps = await journal.read();
		const left = swaps.find(swap => swap.kind === server.kind && swap.name === name);

		if (left !== undefined) {
			await mendSwap(journal, left, context);
		}

		return server.restore(name, {folder: context.folder, isOwnUser: user => isOwnUser(user, {account: context.account, identities}), journal});
	},

	async remove(context) {
		const all = await findDatabases(context);
		const found = pickPart(all, context.part);
		await found.server.remove(found.name);
	},

	async check(context) {
		const {server, name, isLive} = await openPart(context);

		if (!isLive) {
			throw new Error('the database is not there');
		}

		if (!context.isMerge) {
			await server.check(name, context.folder);
		}
	},
};

type OpenedPart = {readonly server: DatabaseServer; readonly name: string; readonly isLive: boolean};

const openPart = async (context: RestoreContext): Promise<OpenedPart> => {
	const {kind, name} = await readFacts(context.folder);
	const {identities} = await context.store.read('accounts');

	if (!isOwnDatabase(name, {kind, account: context.account, identities})) {
		throw new Error(`the database ${name} is not the account's; declare it with "holdfast account set --add-database ${kind}:${name}"`);
	}

	const server = await openServer(kind, context);

	if (server === undefined) {
		throw new Error(`there is no server for ${kind} databases; is it running?`);
	}

	const names = await server.list();

	return {server, name, isLive: names.includes(name)};
};
