import {
	mkdir,
	readdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Store} from '../../state/store.ts';
import type {DemoAccount} from './demo-accounts.ts';
import {makeCertificate} from './demo-certificate.ts';

/** What an account of the sandbox has beside its home. */
export const domainOf = (name: string): string => `${name}.example`;

/** Where the sandbox has its services. */
export const demoPlaces = (directory: string): Readonly<Record<'items.bind' | 'items.certificates' | 'items.mbox' | 'items.vmail' | 'items.proftpd', string>> => ({
	'items.bind': join(directory, 'etc', 'bind', 'named.conf'),
	'items.certificates': join(directory, 'etc', 'letsencrypt'),
	'items.mbox': join(directory, 'spool', 'mail'),
	'items.vmail': join(directory, 'vmail'),
	'items.proftpd': join(directory, 'etc', 'proftpd', 'proftpd.conf'),
});

/** Gives the accounts that have not got them a zone, a certificate, a mailbox of a domain, an mbox and an FTP login. */
export const makeServices = async (directory: string, accounts: ReadonlyArray<DemoAccount & {readonly home: string}>, at: Date): Promise<void> => {
	const places = demoPlaces(directory);
	const zones = join(dirname(places['items.bind']), 'zones');
	const logins = join(dirname(places['items.proftpd']), 'ftpd.passwd');
	await mkdir(zones, {recursive: true});
	await mkdir(dirname(logins), {recursive: true});
	await mkdir(places['items.mbox'], {recursive: true});
	await mkdir(places['items.vmail'], {recursive: true});

	const known = new Set(await readdir(zones));

	const newcomers = accounts.filter(({name}) => !known.has(domainOf(name)));

	for (const {name} of newcomers) {
		const domain = domainOf(name);
		await writeFile(join(zones, domain), zoneOf(domain, at));
		await writeLineage(places['items.certificates'], domain, at);
		await writeMailbox(join(places['items.vmail'], domain, 'info'), domain);
		await writeFile(join(places['items.mbox'], name), `From cron@demo ${at.toUTCString()}\nSubject: Cron <${name}@demo>\n\nDone.\n\n`, {mode: 0o600});
	}

	await writeFile(places['items.bind'], accounts.map(({name}) => `zone "${domainOf(name)}" { type master; file "${join(zones, domainOf(name))}"; };\n`).join(''));
	await writeFile(places['items.proftpd'], `ServerName "demo"\nAuthUserFile ${logins}\n`);
	await writeFile(logins, accounts.map(({name, uid, home}) => `${name}_web:$1$demo$nobodyknowsthispassword:${uid}:${uid}::${home}/public_html:/bin/false\n`).join(''), {mode: 0o600});
};

/** The domains belong to the accounts, as an operator would have declared. */
export const declareDomains = async (store: Store): Promise<void> => store.update('accounts', undefined, draft => {
	draft.identities = draft.identities.map(identity => identity.status === 'inactive' || identity.domains.length > 0 ? identity : {...identity, domains: [domainOf(identity.name)]});
});

const zoneOf = (domain: string, at: Date): string => [
	'$TTL 3600',
	`@\tIN SOA\tns1.${domain}. hostmaster.${domain}. (`,
	`\t\t${at.toISOString().slice(0, 10).replaceAll('-', '')}01 ; serial`,
	'\t\t3600 900 604800 300 )',
	'\tIN NS\tns1',
	'\tIN MX\t10 mail',
	'ns1\tIN A\t192.0.2.53',
	'mail\tIN A\t192.0.2.25',
	'www\tIN A\t192.0.2.80',
	'',
].join('\n');

const writeLineage = async (folder: string, domain: string, at: Date): Promise<void> => {
	const {certificate, key} = makeCertificate(domain, at);
	const archive = join(folder, 'archive', domain);
	const live = join(folder, 'live', domain);
	await mkdir(archive, {recursive: true});
	await mkdir(live, {recursive: true});
	await mkdir(join(folder, 'renewal'), {recursive: true});

	for (const [kind, content] of Object.entries({
		cert: certificate, chain: certificate, fullchain: certificate, privkey: key,
	})) {
		await writeFile(join(archive, `${kind}1.pem`), content, {mode: kind === 'privkey' ? 0o600 : 0o644});
		await symlink(`../../archive/${domain}/${kind}1.pem`, join(live, `${kind}.pem`));
	}

	await writeFile(join(folder, 'renewal', `${domain}.conf`), `archive_dir = ${archive}\ncert = ${live}/cert.pem\nprivkey = ${live}/privkey.pem\n\n[renewalparams]\nauthenticator = webroot\n`);
};

const writeMailbox = async (folder: string, domain: string): Promise<void> => {
	for (const box of ['cur', 'new', 'tmp']) {
		await mkdir(join(folder, box), {recursive: true, mode: 0o700});
	}

	await writeFile(join(folder, 'cur', '1770000000.M1P1.web1:2,S'), `From: customer@example.org\nTo: info@${domain}\nSubject: Opening hours\n\nWhen are you open?\n`, {mode: 0o600});
	await writeFile(join(folder, 'new', '1770003600.M2P1.web1'), `From: supplier@example.org\nTo: info@${domain}\nSubject: Invoice\n\nPlease see the attachment.\n`, {mode: 0o600});
};
