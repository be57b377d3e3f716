import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {Resolver} from 'node:dns/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {findFreePort} from './free-port.ts';
import {runProgram, temporaryFolder} from './sandbox.ts';

/** A test without BIND's tools is skipped, which fails in CI. */
export const hasBindTools = existsSync('/usr/bin/named-checkzone') || existsSync('/usr/sbin/named-checkzone');
const named = '/usr/sbin/named';
export const hasBind = hasBindTools && existsSync(named) && existsSync('/usr/sbin/rndc');

export type TestZones = {
	/** Of named.conf. */
	readonly configuration: string;
	readonly folder: string;
};

export const zoneText = (domain: string, serial: number, address = '192.0.2.1'): string => `$TTL 3600\n@\tIN SOA\tns1.${domain}. host.${domain}. (\n\t\t${serial} ; serial\n\t\t3600 900 604800 300 )\n\tIN NS\tns1\nns1\tIN A\t${address}\nwww\tIN A\t${address}\n`;

/** Zone files, and a configuration that includes the list of them, as Debian's does. */
export const makeZones = async (t: ExecutionContext, zones: Readonly<Record<string, string>>, more = ''): Promise<TestZones> => {
	const folder = await temporaryFolder(t);
	await mkdir(join(folder, 'zones'));
	await runProgram('chmod', '755', folder);

	for (const [name, text] of Object.entries(zones)) {
		await writeFile(join(folder, 'zones', name), text);
	}

	const list = Object.keys(zones).map(name => `zone "${name}" IN {\n\ttype master; // ours\n\tfile "zones/${name}";\n};\n`);
	await writeFile(join(folder, 'named.conf.local'), `/* zone "no.example" { type master; file "no"; }; */\n${list.join('')}${more}`);
	await writeFile(join(folder, 'named.conf'), `include "${folder}/named.conf.options";\ninclude "${folder}/named.conf.local";\n`);
	await writeFile(join(folder, 'named.conf.options'), `options { directory "${folder}"; };\n`);

	return {folder, configuration: join(folder, 'named.conf')};
};

export type NameServer = {
	serial(domain: string): Promise<number>;
};

/** Starts a server of its own for such zones, on ports of its own. */
export const startNameServer = async (t: ExecutionContext, {folder, configuration}: TestZones): Promise<NameServer> => {
	const port = await findFreePort();
	const control = await findFreePort();
	const key = 'key "rndc" { algorithm hmac-sha256; secret "c2VjcmV0IG9mIGEgdGVzdA=="; };\n';
	await writeFile(join(folder, 'rndc.conf'), `${key}options { default-key "rndc"; default-server 127.0.0.1; default-port ${control}; };\n`, {mode: 0o600});
	await writeFile(join(folder, 'named.conf.options'), `${key}controls { inet 127.0.0.1 port ${control} allow { 127.0.0.1; } keys { "rndc"; }; };\noptions { directory "${folder}"; pid-file "${folder}/pid"; session-keyfile "${folder}/session.key"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; };\n`);
	const server = spawn(named, ['-g', '-c', configuration, '-n', '1'], {stdio: ['ignore', 'ignore', 'pipe']});
	t.teardown(async () => {
		if (!(server.exitCode === null && server.signalCode === null)) {
			return;
		}

		server.kill('SIGKILL');
		await once(server, 'exit');
	});
	let said = '';

	for await (const chunk of server.stderr.setEncoding('utf8').iterator({destroyOnReturn: false}) as AsyncIterable<string>) {
		said += chunk;

		if (/ running$/mv.test(said)) {
			server.stderr.resume();
			const resolver = new Resolver({timeout: 5000, tries: 3});
			resolver.setServers([`127.0.0.1:${port}`]);

			return {
				async serial(domain) {
					const {serial} = await resolver.resolveSoa(domain);

					return serial;
				},
			};
		}
	}

	throw new Error(`named did not start: ${said}`);
};
