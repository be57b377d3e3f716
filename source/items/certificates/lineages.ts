/** Certbot's folder: a lineage is a certificate with all its renewals. */
import {X509Certificate, createPrivateKey} from 'node:crypto';
import {isOwnDomain} from '../../domain/owned-domains.ts';
import {fromText, type RawPath} from '../../domain/raw-name.ts';
import {readSetting} from '../../state/read-setting.ts';
import {Directory} from '../../system/directory.ts';
import {isSystem} from '../is-system.ts';
import type {ItemContext} from '../item.ts';
import {isThere, readLiveFile} from '../live-file.ts';

export type Lineage = {
	/** Raw; not always a domain: `example.com-0001`. */
	readonly name: string;
	/** Whose it is: the account's alone, or also of names that are not the account's. */
	readonly claim: 'own' | 'shared';
};

/** `undefined` where there is no such folder. */
export const findFolder = async ({store}: ItemContext): Promise<RawPath | undefined> => {
	const setting = await readSetting(store, 'items.certificates');

	if (setting !== 'system') {
		return fromText(setting);
	}

	return await isSystem(store) && isThere('/etc/letsencrypt') ? '/etc/letsencrypt' : undefined;
};

/** The lineages that have names of the account's domains. */
export const findLineages = async (context: ItemContext): Promise<readonly Lineage[]> => {
	const {account, store} = context;
	const folder = account.domains.length === 0 ? undefined : await findFolder(context);

	if (folder === undefined || !isThere(`${folder}/live`)) {
		return [];
	}

	const {identities} = await store.read('accounts');
	const isOwn = (domain: string): boolean => isOwnDomain(domain, account, identities);

	return foldersIn(`${folder}/live`).flatMap((name): readonly Lineage[] => {
		const domains = domainsOf(`${folder}/live/${name}`, name);

		return domains.some(domain => isOwn(domain)) ? [{name, claim: domains.every(domain => isOwn(domain)) ? 'own' : 'shared'}] : [];
	});
};

/**
Whether stored names are all the account's.
@throws Error naming one that is not
*/
export const checkDomains = async ({account, store}: ItemContext, domains: readonly string[]): Promise<void> => {
	const {identities} = await store.read('accounts');
	const foreign = domains.find(domain => !isOwnDomain(domain, account, identities));

	if (foreign !== undefined || domains.length === 0) {
		throw new Error(`the certificate is for ${foreign ?? 'no domain'}, which is not the account's: add the domain to the account first`);
	}
};

/** For which domains a lineage is: by its certificate, or where that cannot be read by its name. */
const domainsOf = (folder: RawPath, name: string): readonly string[] => {
	try {
		return namesOf(readThrough(folder, 'cert.pem'));
	} catch {
		return [name.replace(/-\d{4}$/v, '')];
	}
};

/** A file of a lineage, by its link into the archive beside. */
const readThrough = (live: RawPath, name: RawPath): string => {
	const folder = Directory.openTrusted(live, false);

	try {
		const target = folder.tryLstat(name)?.isSymbolicLink() ? `${live}/${folder.readLink(name)}` : `${live}/${name}`;
		const file = readLiveFile(target.replace(/\/live\/[^\/]+\/\.\.\/\.\.\//v, '/'));

		if (file === undefined) {
			throw new Error(`${target} does not exist`);
		}

		return file.content.toString('latin1');
	} finally {
		folder.close();
	}
};

/**
The domains of a certificate, in lower case and without a star.
@throws Error where it is none
*/
export const namesOf = (pem: string): readonly string[] => {
	const {subjectAltName = ''} = new X509Certificate(pem);
	const names = subjectAltName.split(', ').filter(name => name.startsWith('DNS:'));

	return names.map(name => name.slice(4).toLowerCase().replace(/^\*\./v, ''));
};

/**
Whether a key is the one of a certificate.
@throws Error where either cannot be read
*/
export const isKeyOf = (certificate: string, key: string): boolean => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));

const foldersIn = (path: RawPath): readonly RawPath[] => {
	const folder = Directory.openTrusted(path, false);

	try {
		return folder.names().filter(name => folder.tryLstat(name)?.isDirectory() === true).toSorted();
	} finally {
		folder.close();
	}
};
