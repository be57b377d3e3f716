/**
Makes the data that the benchmark runs on: the homes of twenty accounts of a web and mail server, about 100,000 files and 2.5 GB, the same in every run: PHP sites that share their
vendored libraries, Maildirs, uploads, a database dump, a sparse image, symbolic and hard links.
*/
import type {Buffer} from 'node:buffer';
import {
	closeSync,
	ftruncateSync,
	linkSync,
	mkdirSync,
	openSync,
	symlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import {Random} from './random.ts';

const accounts = 20;
const libraries = 24;
const filesPerLibrary = 70;
const sitesWithLibraries = 16;
const messagesPerAccount = 2200;
const pagesPerAccount = 1100;
const uploadsPerAccount = 260;
const dumpBytes = 200e6;
const imageBytes = 500e6;
const mebibyte = 1_048_576;

const words = [
	'public function return array string value index customer order invoice template header footer class extends namespace const private static null false',
	'true request response session config database query select insert update where foreach echo isset empty count implode explode translate cache user',
	'mail subject message received content type text plain charset encoding transfer date from to reply list unsubscribe',
].join(' ').split(' ');

export const makeDataSet = (folder: string): void => {
	const random = new Random(20_260_101);
	const shared = Array.from({length: libraries}, (_, library) => makeLibrary(random, library));

	for (let account = 0; account < accounts; account++) {
		const home = path.join(folder, `account${String(account).padStart(2, '0')}`);
		makeSite(home, random);
		makeMaildir(home, random);
		makeUploads(home, random);

		if (account < sitesWithLibraries) {
			for (const [library, files] of shared.entries()) {
				writeAll(path.join(home, 'public_html', 'vendor', `library${library}`, 'src'), files);
			}
		}
	}

	makeDump(path.join(folder, 'account00', 'backup.sql'), random);
	makeImage(path.join(folder, 'account01', 'disk.img'), random);
	makeLinks(folder);
};

const makeLibrary = (random: Random, library: number) =>
	Array.from({length: filesPerLibrary}, () => ({name: `${random.word()}${random.below(1000)}.php`, content: phpFile(random, library)}));

const phpFile = (random: Random, seed: number): string => `<?php\n// ${seed}\n${sentences(random, 400 + random.below(9000))}`;

/** Text that compresses as code and mail do: words in lines, with some that never come again. */
const sentences = (random: Random, length: number): string => {
	const parts: string[] = [];

	for (let size = 0; size < length;) {
		const word = random.below(9) === 0 ? random.word() : words[random.below(words.length)]!;
		const separator = random.below(8) === 0 ? '\n' : ' ';
		parts.push(word, separator);
		size += word.length + 1;
	}

	return parts.join('');
};

const writeAll = (folder: string, files: ReadonlyArray<{readonly name: string; readonly content: string | Buffer}>): void => {
	mkdirSync(folder, {recursive: true});

	for (const {name, content} of files) {
		writeFileSync(path.join(folder, name), content);
	}
};

const makeSite = (home: string, random: Random): void => {
	for (let page = 0; page < pagesPerAccount; page += 25) {
		writeAll(path.join(home, 'public_html', `section${page / 25}`, random.word()), Array.from({length: 25}, (_, index) => ({name: `page${page + index}.php`, content: phpFile(random, page)})));
	}
};

const makeMaildir = (home: string, random: Random): void => {
	for (const folder of ['cur', 'new', '.Sent/cur', '.Archive/cur']) {
		writeAll(path.join(home, 'Maildir', folder), Array.from({length: messagesPerAccount / 4}, (_, index) => makeMessage(random, index)));
	}
};

const makeMessage = (random: Random, index: number) => {
	const name = `${1_700_000_000 + index}.M${random.below(1e6)}P${random.below(30_000)}.web1:2,S`;
	const head = `From: ${random.word()}@example.com\nSubject: ${random.word()}\n\n`;
	const body = sentences(random, 600 + random.below(7000));
	const attachment = random.below(6) === 0 ? random.bytes(20_000).toString('base64') : '';

	return {name, content: `${head}${body}${attachment}`};
};

const makeUploads = (home: string, random: Random): void => {
	for (let month = 0; month < 12; month++) {
		const photos = Array.from({length: Math.ceil(uploadsPerAccount / 12)}, (_, index) => ({name: `photo-${index}.jpg`, content: random.bytes(30_000 + random.below(520_000))}));
		writeAll(path.join(home, 'public_html', 'uploads', '2025', String(month + 1)), photos);
	}
};

const makeDump = (file: string, random: Random): void => {
	const fd = openSync(file, 'w');

	for (let size = 0; size < dumpBytes;) {
		const rows = Array.from({length: 200}, () => `(${random.below(1e9)},'${random.word()}','${sentences(random, 60).replaceAll('\n', ' ')}',${random.below(1e6)})`);
		size += writeSync(fd, `INSERT INTO orders VALUES ${rows.join(',')};\n`);
	}

	closeSync(fd);
};

const makeImage = (file: string, random: Random): void => {
	const fd = openSync(file, 'w');
	ftruncateSync(fd, imageBytes);

	for (let part = 0; part < 12; part++) {
		writeSync(fd, random.bytes(mebibyte), 0, mebibyte, part * 40 * mebibyte);
	}

	closeSync(fd);
};

const makeLinks = (folder: string): void => {
	for (let account = 0; account < accounts; account++) {
		const home = path.join(folder, `account${String(account).padStart(2, '0')}`);

		for (let section = 0; section < 40; section++) {
			symlinkSync(`public_html/section${section}`, path.join(home, `section${section}`));
		}

		writeFileSync(path.join(home, 'Maildir', 'link-source'), home);
		linkSync(path.join(home, 'Maildir', 'link-source'), path.join(home, 'Maildir', 'link'));
	}
};
