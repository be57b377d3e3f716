import {watch} from 'node:fs/promises';
import type {AuditEntry} from '../domain/audit.ts';
import {
	auditFolder,
	listAuditFiles,
	makeAuditFolder,
	readAuditFile,
	type AuditLine,
} from '../state/audit-log.ts';
import {action, requirePermission} from './action.ts';
import type {Context} from './context.ts';

export type AuditInput = {
	/** ISO 8601. */
	readonly since?: string | undefined;
	/** Name of who acted. */
	readonly user?: string | undefined;
};

export type AuditReport = {
	/** The oldest first. */
	readonly entries: readonly AuditEntry[];
	/** Lines that are none: a crash cut them off, or somebody changed the file. */
	readonly unreadableCount: number;
};

/** What the audit log tells. */
export const readAudit = action('readAudit', async ({store}: Context, filter: AuditInput): Promise<AuditReport> => {
	const lines = await readLines(store.directory);

	return {entries: fitting(lines, filter), unreadableCount: lines.filter(line => line === undefined).length};
});

/** The same, and then what is added, until `signal` ends it. */
export const followAudit = action('followAudit', async (context: Context, {onEntries, signal, ...filter}: AuditInput & {readonly onEntries: (entries: readonly AuditEntry[]) => void; readonly signal: AbortSignal}): Promise<void> => {
	const {store} = context;
	const end = new AbortController();
	let seen = 0;
	const tell = async (): Promise<void> => {
		await requirePermission(context, 'followAudit');
		const lines = await readLines(store.directory);
		onEntries(fitting(lines.slice(seen), filter));
		seen = lines.length;
	};

	await makeAuditFolder(store.directory);

	try {
		// Watched before it is read: nothing falls between.
		const changes = watch(auditFolder(store.directory), {signal: AbortSignal.any([signal, end.signal])})[Symbol.asyncIterator]();
		let change = nextChange(changes);

		for (;;) {
			await tell();
			const {done: isDone} = await change;

			if (isDone) {
				return;
			}

			change = nextChange(changes);
		}
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}
	} finally {
		end.abort();
	}
});

/** Awaited after what is there already was told; until then its failure is nobody's. */
const nextChange = (changes: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> => { // eslint-disable-line @typescript-eslint/promise-function-async -- it returns the very promise whose failure it hushes
	const change = changes.next();
	change.catch(() => undefined);

	return change;
};

const readLines = async (stateDirectory: string): Promise<readonly AuditLine[]> => {
	const lines: AuditLine[] = [];

	for (const file of await listAuditFiles(stateDirectory)) {
		for (const line of await readAuditFile(file)) {
			lines.push(line);
		}
	}

	return lines;
};

const fitting = (lines: readonly AuditLine[], {since, user}: AuditInput): readonly AuditEntry[] =>
	lines.filter((line): line is AuditEntry => line !== undefined && (since === undefined || line.at >= since) && (user === undefined || line.user === user));
