/** BIND as it is set up on this server. */
import {dirname} from 'node:path/posix';
import type {Finding} from '../../domain/item.ts';
import {isOwnDomain} from '../../domain/owned-domains.ts';
import {fromText, type RawPath} from '../../domain/raw-name.ts';
import {readSetting} from '../../state/read-setting.ts';
import {runTool} from '../../system/run-tool.ts';
import {includedFiles} from '../included-files.ts';
import {isSystem} from '../is-system.ts';
import type {ItemContext} from '../item.ts';
import {isThere, readLiveFile} from '../live-file.ts';
import {readServedZones, type ServedZone} from './named-conf.ts';

export type AccountZone = ServedZone & {
	/** The zone's name, with its view where it is served in several. */
	readonly part: string;
};

const checkMs = 60_000;

/** The configuration's path; `undefined` where these accounts are not the system's and none is named for them. */
const findConfiguration = async ({store}: ItemContext): Promise<RawPath | undefined> => {
	const setting = await readSetting(store, 'items.bind');

	if (setting !== 'system') {
		return fromText(setting);
	}

	return await isSystem(store) ? ['/etc/bind/named.conf', '/etc/named.conf'].find(path => isThere(path)) : undefined;
};

/** The zones of an account's domains, dynamic ones too. */
export const findZones = async (context: ItemContext): Promise<readonly AccountZone[]> => {
	const {account, store} = context;
	const configuration = account.domains.length === 0 ? undefined : await findConfiguration(context);

	if (configuration === undefined) {
		return [];
	}

	const {identities} = await store.read('accounts');
	const zones = readServedZones(configuration, {read: readText, expand: includedFiles}).filter(({name}) => isOwnDomain(name, account, identities));

	return zones.map(zone => ({...zone, part: zones.some(other => other !== zone && other.name === zone.name) ? `${zone.name}@${zone.view ?? ''}` : zone.name}));
};

const readText = (path: RawPath): string => {
	const file = readLiveFile(path);

	if (file === undefined) {
		throw new Error(`BIND's configuration includes ${path}, which does not exist`);
	}

	return file.content.toString('latin1');
};

/**
Has a zone checked by BIND's own program, with what it includes left out of it.
@throws Error where it would not be loaded with this serial
*/
export const checkZone = async (name: string, {file, serial, signal}: {readonly file: RawPath; readonly serial: number; readonly signal: AbortSignal}): Promise<void> => {
	const result = await runTool('named-checkzone', ['-i', 'local', name, file], {signal: AbortSignal.any([signal, AbortSignal.timeout(checkMs)])});

	if (result === undefined) {
		throw new Error('there is no program named-checkzone, without which no zone is put back: install bind9-utils');
	}

	const said = result.output.toString('latin1').trim();

	if (result.status !== 0 || said.split('\n').every(line => !line.endsWith(`: loaded serial ${serial}`)) || !said.endsWith('OK')) {
		throw new Error(`named-checkzone refuses it (${result.status}): ${said.split('\n', 1)[0]!.replace(file, 'the zone')} ${result.complaint}`.trim());
	}
};

/** Tells a running BIND of a new zone file; what keeps it from that is told. */
export const reloadZone = async (context: ItemContext, {name, view}: ServedZone): Promise<readonly Finding[]> => {
	const folder = dirname((await findConfiguration(context))!);
	const key = [['-c', `${folder}/rndc.conf`], ['-k', `${folder}/rndc.key`]].find(([, path]) => isThere(path!));

	if (key === undefined) {
		return [note(name, `${folder} has no rndc.key: have BIND reload it`)];
	}

	const result = await runTool('rndc', [...key, 'reload', name, ...view === null ? [] : ['IN', view]], {signal: AbortSignal.any([context.signal, AbortSignal.timeout(checkMs)])});

	if (result?.status === 0) {
		return [];
	}

	const said = result === undefined ? 'there is no program rndc' : `rndc ended with ${result.status}: ${result.complaint}`;
	const isDown = result === undefined || /connection refused|not found|timed out/v.test(said);

	return [isDown ? note(name, `BIND was not told, which seems not to run (${said})`) : {level: 'problem', path: '', message: `zones:${name}: it is in its place, but BIND did not load it (${said})`}];
};

const note = (name: string, message: string): Finding => ({level: 'note', path: '', message: `zones:${name}: ${message}`});
