import {Buffer} from 'node:buffer';
import {writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {setUpServer, type Server} from '../set-up.ts';

/** Names that would do harm if they reached a terminal as they are. */
export const hostileNames = {
	escape: Buffer.from('evil\u{1B}[31m\u{1B}]0;owned\u{7}'),
	newline: Buffer.from('two\nlines'),
	bytes: Buffer.from([0x62, 0x61, 0x64, 0xFF, 0xFE]),
	reversed: Buffer.from('cod\u{202E}fdp.exe'),
	wide: Buffer.from('日本語'),
};

/** A server with three accounts, one of which has a home worth restoring. */
export const filledServer = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 2001}, {name: 'bob', uid: 2002}, {name: 'carol', uid: 2003, password: '!$6$hash'}]);
	const pages = Array.from({length: 12}, (_, index) => [`public_html/page${index}.php`, `<?php echo ${index};\n`.repeat(index)] as const);

	await server.write('alice', {
		...Object.fromEntries(pages),
		'public_html/img/logo.png': new Uint8Array(5000).fill(7),
		'mail/inbox': 'From bob\n',
		'notes.txt': 'first line\n\tsecond line\n',
	});

	const home = Buffer.from(`${server.machine.home('alice')}/`);

	for (const name of Object.values(hostileNames)) {
		await writeFile(Buffer.concat([home, name]), 'x');
	}

	return server;
};
