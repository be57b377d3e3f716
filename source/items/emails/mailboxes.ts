/** Where the mail of an account lies. */
import {readdirSync} from 'node:fs';
import {isAbsolute, join} from 'node:path/posix';
import type {Identity} from '../../domain/account.ts';
import {isOwnDomain} from '../../domain/owned-domains.ts';
import {fromText, toScreen, type RawPath} from '../../domain/raw-name.ts';
import {readSetting} from '../../state/read-setting.ts';
import {Directory, systemPath} from '../../system/directory.ts';
import {isSystem} from '../is-system.ts';
import type {ItemContext} from '../item.ts';
import {isThere} from '../live-file.ts';

export type Mailbox = {
	/** An address; `Maildir` is the one in the home, and `mbox` the file that the system delivers to. */
	readonly part: string;
	readonly kind: 'folder' | 'file';
	/** Absolute. */
	readonly path: RawPath;
};

/** The mailboxes that there are, and those declared, which should be there. */
export const findMailboxes = async (context: ItemContext): Promise<readonly Mailbox[]> => {
	const {account} = context;
	const own: readonly Mailbox[] = [{part: 'Maildir', kind: 'folder', path: `${account.home}/Maildir`}, ...await findMbox(context)];
	const declared = account.mailboxes.map(text => readDeclared(text, account));
	const virtual = await findVirtual(context);

	return [
		...own.filter(({path}) => isThere(path)),
		...declared,
		...virtual.filter(({part}) => declared.every(other => other.part !== part)),
	].filter(({path}, index, all) => all.findIndex(other => other.path === path) === index);
};

/**
Where a part belongs, whether or not there is anything.
@throws Error where nothing says so any more, or it is somebody else's
*/
export const placeMailbox = async (context: ItemContext, {part, kind}: Pick<Mailbox, 'part' | 'kind'>): Promise<Mailbox> => {
	const known = [{part: 'Maildir', kind: 'folder', path: `${context.account.home}/Maildir`} as const, ...await findMbox(context), ...context.account.mailboxes.map(text => readDeclared(text, context.account)), ...await placeVirtual(context, part)];
	const mailbox = known.find(each => each.part === part && each.kind === kind);

	if (mailbox === undefined) {
		throw new Error('nothing says where this mailbox belongs: declare it with "holdfast account set NAME --add-mailbox ADDRESS=DIR"');
	}

	await checkOwner(context, mailbox);

	return mailbox;
};

/**
Refuses a mailbox in somebody else's home, or one that is all of the account's.
@throws Error
*/
export const checkOwner = async ({account, store}: ItemContext, {path, part}: Mailbox): Promise<void> => {
	const {identities} = await store.read('accounts');
	const other = identities.find(({uuid, home}) => uuid !== account.uuid && isWithin(path, home) && !isWithin(account.home, home));

	if (other !== undefined || isWithin(account.home, path) || path.split('/').includes('..')) {
		throw new Error(`${toScreen(path)} cannot be the mailbox ${toScreen(part)} of ${toScreen(account.name)}`);
	}
};

const isWithin = (path: RawPath, folder: RawPath): boolean => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

const readDeclared = (text: string, {home}: Identity): Mailbox => {
	const equals = text.indexOf('=');
	const path = fromText(text.slice(equals + 1)).split('/').filter((name, index) => index === 0 || name !== '').join('/');

	return {part: fromText(text.slice(0, equals)), kind: 'folder', path: isAbsolute(path) ? path : join(home, path)};
};

type Place = 'items.mbox' | 'items.vmail';

const readFolder = async ({store}: ItemContext, key: Place): Promise<RawPath | undefined> => {
	const setting = await readSetting(store, key);

	if (setting !== 'system') {
		return fromText(setting);
	}

	return await isSystem(store) ? {'items.mbox': '/var/mail', 'items.vmail': '/var/vmail'}[key] : undefined;
};

const findMbox = async (context: ItemContext): Promise<readonly Mailbox[]> => {
	const folder = await readFolder(context, 'items.mbox');

	return folder === undefined ? [] : [{part: 'mbox', kind: 'file', path: `${folder}/${context.account.name}`}];
};

/** Below the folder of virtual mail: one folder a domain, in it one for each mailbox. */
const findVirtual = async (context: ItemContext): Promise<readonly Mailbox[]> => {
	const {account, store} = context;
	const root = account.domains.length === 0 ? undefined : await readFolder(context, 'items.vmail');

	if (root === undefined || !isThere(root)) {
		return [];
	}

	const {identities} = await store.read('accounts');
	const domains = foldersIn(root).filter(domain => isOwnDomain(domain, account, identities));

	return domains.flatMap(domain => foldersIn(`${root}/${domain}`).map(name => ({part: `${name}@${domain}`, kind: 'folder', path: `${root}/${domain}/${name}`})));
};

const placeVirtual = async (context: ItemContext, part: string): Promise<readonly Mailbox[]> => {
	const root = await readFolder(context, 'items.vmail');
	const at = part.lastIndexOf('@');
	const [name, domain] = [part.slice(0, at), part.slice(at + 1)];
	const {identities} = await context.store.read('accounts');

	return root === undefined || at < 1 || name.includes('/') || name.startsWith('.') || !isOwnDomain(domain, context.account, identities) ? [] : [{part, kind: 'folder', path: `${root}/${domain}/${name}`}];
};

const foldersIn = (path: RawPath): readonly RawPath[] => {
	const folder = Directory.openTrusted(path, false);

	try {
		return readdirSync(systemPath(folder.path()), {encoding: 'latin1', withFileTypes: true}).filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({name}) => name).toSorted();
	} finally {
		folder.close();
	}
};
