import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {
	chmod,
	mkdir,
	symlink,
	writeFile,
} from 'node:fs/promises';
import type {Server} from './set-up.ts';

/** A test without openssl is skipped, which fails in CI. */
export const hasOpenssl = existsSync('/usr/bin/openssl');

export type Certbot = {
	/** Makes a lineage as certbot does, with as many renewals. */
	make(name: string, domains: readonly string[], renewals?: number): Promise<void>;
	readonly path: (...names: readonly string[]) => string;
};

/** A folder as certbot's, that the server knows of. */
export const makeCertbot = async (server: Server): Promise<Certbot> => {
	const path = (...names: readonly string[]): string => server.machine.path('letsencrypt', ...names);
	await mkdir(path('renewal'), {recursive: true});
	await server.run('setting', 'set', 'items.certificates', path());

	return {
		path,
		async make(name, domains, renewals = 1) {
			await mkdir(path('archive', name), {recursive: true});
			await mkdir(path('live', name), {recursive: true});

			for (let version = 1; version <= renewals; version++) {
				execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-subj', `/CN=${domains[0]!}`, '-addext', `subjectAltName=${domains.map(domain => `DNS:${domain}`).join(',')}`, '-keyout', path('archive', name, `privkey${version}.pem`), '-out', path('archive', name, `cert${version}.pem`)], {stdio: 'pipe'});
				await chmod(path('archive', name, `privkey${version}.pem`), 0o600);
			}

			for (const kind of ['cert', 'privkey']) {
				await symlink(`../../archive/${name}/${kind}${renewals}.pem`, path('live', name, `${kind}.pem`));
			}

			await writeFile(path('renewal', `${name}.conf`), `archive_dir = ${path('archive', name)}\n`);
		},
	};
};
