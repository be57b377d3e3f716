import {constants} from 'node:fs';
import {
	mkdir,
	open,
	readFile,
	rename,
	type FileHandle,
} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import type {AuditEntry} from '../domain/audit.ts';
import {syncFolder} from '../system/durable-file.ts';
import {listNames} from '../system/list-names.ts';
import {acquireLock} from '../system/lock.ts';

/** Beyond it the next line begins a new file; the old ones stay. */
const largestFile = 8 * (1024 ** 2);
const current = 'audit.jsonl';

/** `<state>/audit/audit.jsonl`, and full ones before it by the time they were put aside. */
export const auditFolder = (stateDirectory: string): string => join(stateDirectory, 'audit');

export const makeAuditFolder = async (stateDirectory: string): Promise<string> => {
	const folder = auditFolder(stateDirectory);
	await mkdir(folder, {recursive: true, mode: 0o700});

	return folder;
};

/** Adds a line to the audit log. It is on disk when this resolves. */
export const appendAudit = async (stateDirectory: string, entry: AuditEntry, {rotateAt = largestFile}: {readonly rotateAt?: number} = {}): Promise<void> => {
	const folder = await makeAuditFolder(stateDirectory);
	const lock = await acquireLock(join(folder, '.lock'), {waitMs: 30_000, purpose: 'writing the audit log'});

	try {
		await rotate(folder, {rotateAt, at: entry.at});
		await using file = await open(join(folder, current), constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
		const {size} = await file.stat();
		// A line that a crash cut off ends here, and spoils no other.
		await file.writeFile(`${size > 0 && !await isEndedByNewline(file, size) ? '\n' : ''}${JSON.stringify(entry)}\n`);
		await file.sync();

		if (size === 0) {
			await syncFolder(folder);
			await syncFolder(stateDirectory);
		}
	} finally {
		lock.release();
	}
};

/** The files of the log, the oldest first. */
export const listAuditFiles = async (stateDirectory: string): Promise<readonly string[]> => {
	const folder = auditFolder(stateDirectory);
	const names = await listNames(folder);

	return [...names.filter(name => /^audit-.+\.jsonl$/v.test(name)).toSorted(), ...names.filter(name => name === current)].map(name => join(folder, name));
};

const isEndedByNewline = async (file: FileHandle, size: number): Promise<boolean> => {
	const {buffer} = await file.read({buffer: new Uint8Array(1), position: size - 1});

	return buffer[0] === 0x0A;
};

const rotate = async (folder: string, {rotateAt, at}: {readonly rotateAt: number; readonly at: string}): Promise<void> => {
	const files = await listNames(folder);

	if (!files.includes(current)) {
		return;
	}

	await using file = await open(join(folder, current), constants.O_RDONLY | constants.O_NOFOLLOW);
	const {size} = await file.stat();

	if (size < rotateAt) {
		return;
	}

	const number = files.filter(name => name.startsWith('audit-')).length + 1;
	await rename(join(folder, current), join(folder, `audit-${String(number).padStart(8, '0')}-${at.slice(0, 10)}.jsonl`));
	await syncFolder(folder);
};

/** `undefined`: a line that is none. */
export type AuditLine = AuditEntry | undefined;

const auditEntry: z.ZodType<AuditEntry> = z.strictObject({
	at: z.iso.datetime(),
	user: z.string(),
	action: z.string(),
	target: z.string().nullable(),
	fields: z.array(z.string()),
	result: z.string(),
	detail: z.string().optional(),
});

/** Every line of a file of the log, in order; the last one only when it is finished. */
export const readAuditFile = async (path: string): Promise<readonly AuditLine[]> => {
	const content = await readFile(path, 'utf8');

	return content.split('\n').slice(0, -1).map(line => parseLine(line));
};

const parseLine = (line: string): AuditLine => {
	try {
		return auditEntry.parse(JSON.parse(line));
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof z.ZodError) {
			return undefined;
		}

		throw error;
	}
};
