import type {DemoAccount} from './demo-accounts.ts';
import {HomeWriter, noise, type DemoFile} from './demo-files.ts';
import type {DemoMachine} from './demo-machine.ts';

/** Fills the home of an account: a site, mail, a crontab, and some of what makes backups hard. */
export const makeHome = async (machine: DemoMachine, account: DemoAccount, at: Date): Promise<void> => {
	const writer = new HomeWriter(machine.home(account.name), account);

	await writer.write([...dotFiles(account), ...siteFiles(account), ...mailFiles(account, {from: 0, count: account.mails, at})], at);

	if (account.name !== 'alice') {
		return;
	}

	await writer.write(oddFiles, at);
	await writer.link('www', 'public_html', at);
	await writer.hardLink('public_html/wp-content/uploads/copy-of-photo-001.jpg', 'public_html/wp-content/uploads/photo-001.jpg');
	await writer.writeSparse('data/shop.img', 20_000_000, at);
};

/** Messages in a Maildir, each read or not. */
export const mailFiles = ({name}: Pick<DemoAccount, 'name'>, {from, count, at}: {readonly from: number; readonly count: number; readonly at: Date}): readonly DemoFile[] =>
	Array.from({length: count}, (_, index) => {
		const number = from + index;
		const isRead = number % 3 !== 0;

		return {
			path: `Maildir/${isRead ? 'cur' : 'new'}/${1_770_000_000 + (number * 3571)}.M${number}P1.web1${isRead ? ':2,S' : ''}`,
			mode: 0o600,
			content: `From: customer${number}@example.org\nTo: ${name}@example.com\nSubject: ${subjects[number % subjects.length]!}\nDate: ${at.toUTCString()}\n\n${paragraph(`${name} mail ${number}`, 6)}\n`,
		};
	});

const subjects = ['Where is my order?', 'Invoice', 'Re: Invoice', 'New comment on your post', 'Newsletter', 'Please call back'];

const dotFiles = ({name}: DemoAccount): readonly DemoFile[] => [
	{path: '.bashrc', content: `# of ${name}\nalias ll='ls -l'\n`},
	{path: '.crontab', content: `MAILTO=${name}@example.com\n*/15 * * * * php $HOME/public_html/wp-cron.php\n30 4 * * 0 $HOME/bin/clean-cache\n`, mode: 0o600},
	{path: 'bin/clean-cache', content: '#!/bin/sh\nrm -rf "$HOME/cache/"*\n', mode: 0o755},
	{path: '.ssh/authorized_keys', content: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${name} ${name}@laptop\n`, mode: 0o600},
];

const siteFiles = ({name, siteFiles: count}: DemoAccount): readonly DemoFile[] => [
	{path: 'public_html/index.php', content: `<?php\n// The site of ${name}\nrequire 'wp-load.php';\n`},
	{path: 'public_html/wp-config.php', content: `<?php\ndefine('DB_NAME', '${name}_site');\ndefine('DB_USER', '${name}');\ndefine('DB_PASSWORD', 'demo');\n`, mode: 0o640},
	{path: 'public_html/wp-cron.php', content: '<?php\n// Runs what is due.\n'},
	...Array.from({length: count}, (_, index) => siteFile(name, index)),
];

/** A quarter of a site is pictures, the rest is code that all sites share. */
const siteFile = (name: string, index: number): DemoFile => {
	const number = String(index).padStart(3, '0');

	if (index % 4 === 1) {
		return {path: `public_html/wp-content/uploads/photo-${number}.jpg`, content: noise(`${name} ${number}`, 8000 + ((index * 4099) % 60_000))};
	}

	const module = ['admin', 'blocks', 'rest', 'theme'][index % 7 % 4]!;

	return {path: `public_html/wp-includes/${module}/class-${module}-${number}.php`, content: `<?php\n/* ${module} ${number} */\n${paragraph(`${module} ${number}`, 40)}\n`};
};

/** Names that a terminal must not be shown as they are. */
const oddFiles: readonly DemoFile[] = [
	{path: 'documents/résumé (final).txt', content: 'Ten years of selling shoes.\n'},
	{path: String.raw`documents/caf\xe9 menu.txt`, content: 'Latin-1 in the name: not UTF-8.\n'},
	{path: 'documents/line\nbreak.txt', content: 'A line break in the name.\n'},
	{path: 'documents/\u{1B}[31mred.txt', content: 'An escape sequence in the name.\n'},
	{path: 'documents/empty.txt', content: ''},
];

const words = ['shoe', 'order', 'basket', 'price', 'cache', 'query', 'template', 'button', 'header', 'session', 'cookie', 'invoice'];

const paragraph = (seed: string, lines: number): string => {
	const bytes = noise(seed, lines * 8);

	return Array.from({length: lines}, (_, line) => Array.from({length: 8}, (_word, word) => words[bytes[(line * 8) + word]! % words.length]!).join(' ')).join('\n');
};
