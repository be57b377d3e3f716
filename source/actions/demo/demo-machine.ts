import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {DemoAccount} from './demo-accounts.ts';
import {demoPlaces} from './demo-services.ts';

/** The folders of a sandbox, and the user database that stands for the system's. */
export class DemoMachine {
	readonly directory: string;

	constructor(directory: string) {
		this.directory = directory;
	}

	#file(name: string): string {
		return join(this.directory, 'etc', name);
	}

	get #crontabs(): string {
		return join(this.directory, 'spool', 'crontabs');
	}

	get stateDirectory(): string {
		return join(this.directory, 'state');
	}

	get destination(): string {
		return join(this.directory, 'backups');
	}

	/** Settings: where the sandbox has what is the system's elsewhere. */
	get places(): Readonly<Record<'accounts.passwd' | 'accounts.shadow' | 'accounts.group' | 'accounts.homeRoots' | 'items.crontabs', string>> & ReturnType<typeof demoPlaces> {
		return {
			'accounts.passwd': this.#file('passwd'),
			'accounts.shadow': this.#file('shadow'),
			'accounts.group': this.#file('group'),
			'accounts.homeRoots': join(this.directory, 'home'),
			'items.crontabs': this.#crontabs,
			...demoPlaces(this.directory),
		};
	}

	home(name: string): string {
		return join(this.directory, 'home', name);
	}

	/** Says who the users are from now on. */
	async setAccounts(accounts: readonly DemoAccount[]): Promise<void> {
		const administrators = accounts.filter(({isAdministrator}) => isAdministrator).map(({name}) => name);
		const passwd = accounts.map(({name, uid}) => `${name}:x:${uid}:${uid}::${this.home(name)}:/bin/bash`);
		const shadow = accounts.map(({name, isSuspended}) => `${name}:${isSuspended ? '!' : ''}$6$demo$nobodyknowsthispassword:20000:0:99999:7:::`);
		const group = accounts.map(({name, uid}) => `${name}:x:${uid}:`);

		await mkdir(join(this.directory, 'etc'), {recursive: true});
		await mkdir(this.#crontabs, {recursive: true});

		for (const {name, siteFiles} of accounts) {
			if (siteFiles < 50) {
				continue;
			}

			await writeFile(join(this.#crontabs, name), `# m h dom mon dow command\n${siteFiles % 60} 3 * * * php ${this.home(name)}/public_html/cron.php\n`, {mode: 0o600});
		}

		await writeLines(this.#file('passwd'), ['root:x:0:0:root:/root:/bin/bash', 'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin', ...passwd]);
		await writeLines(this.#file('shadow'), ['root:*:20000:0:99999:7:::', 'www-data:*:20000:0:99999:7:::', ...shadow]);
		await writeLines(this.#file('group'), ['root:x:0:', 'www-data:x:33:', `sudo:x:27:${administrators.join(',')}`, ...group]);
	}

	async removeHome(name: string): Promise<void> {
		await rm(this.home(name), {recursive: true});
	}
}

const writeLines = async (path: string, lines: readonly string[]): Promise<void> => writeFile(path, `${lines.join('\n')}\n`, {mode: 0o600});
