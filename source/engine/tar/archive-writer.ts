/** Writes an archive object: archiver queues its sections and hands them on one at a time; each is hashed while it is written. */
import type {Buffer} from 'node:buffer';
import {PassThrough, Writable} from 'node:stream';
import type {Archiver} from 'archiver';
import type {ObjectWriter} from '../storage/storage.ts';
import {type SectionHash, zeros} from './section-hash.ts';

/** What archiver calls a module: the format. Ours takes sections, each a run of whole entries or a part of one, and passes them on as they are. */
class SectionModule extends PassThrough {
	append(section: Buffer, _data: object, callback: () => void): void {
		this.write(section, callback);
	}

	finalize(): void {
		this.end();
	}
}

/** What archiver's own formats use of it. */
type ArchiverInside = {_format: string; _module: SectionModule; _modulePipe(): void};

const createArchiver = async (): Promise<Archiver> => {
	const archiver = await import('archiver');
	const archive = new archiver.Archiver();
	const inside = archive as unknown as ArchiverInside;
	inside._format = 'tar';
	inside._module = new SectionModule();
	inside._modulePipe();

	return archive;
};

export class ArchiveWriter {
	static async open(object: ObjectWriter, hash: SectionHash): Promise<ArchiveWriter> {
		return new ArchiveWriter(object, hash, await createArchiver());
	}

	readonly #object: ObjectWriter;
	readonly #archive: Archiver;
	readonly #hash: SectionHash;
	#markedLength = 0;
	#wanted = 0;
	#taken = 0;
	#taking: PromiseWithResolvers<void> | undefined;
	readonly #ended = Promise.withResolvers<void>();

	private constructor(object: ObjectWriter, hash: SectionHash, archive: Archiver) {
		this.#object = object;
		this.#hash = hash;
		this.#archive = archive;
		const sink = new Writable({
			write: (section: Buffer, _encoding, callback) => {
				void this.#take(section, callback);
			},
		});
		const fail = (error: unknown): void => {
			this.#taking?.reject(error);
			this.#ended.reject(error);
		};

		// Whoever waits for a section or the end is told; nobody else needs to be.
		this.#ended.promise.catch(() => undefined);
		sink.on('error', fail);
		archive.on('error', fail);
		sink.on('finish', () => {
			this.#ended.resolve();
		});
		archive.pipe(sink);
	}

	async #take(section: Buffer, callback: (error?: Error) => void): Promise<void> {
		try {
			await this.#write(section);
		} catch (error) {
			callback(error as Error);
			return;
		}

		this.#taken += section.length;
		callback();

		if (this.#taken === this.#wanted) {
			this.#taking?.resolve();
		}
	}

	async #write(section: Buffer): Promise<void> {
		if (section.buffer === zeros.buffer) {
			this.#object.skip(section.length);
			await this.#hash.update(section);
			return;
		}

		await Promise.all([this.#object.append(section), this.#hash.update(section)]);
	}

	/** Bytes of the archive so far. */
	get length(): number {
		return this.#object.length;
	}

	/** Adds a section, which stays as it is until `done` resolves; resolves when it is written. One at a time. */
	async append(section: Buffer): Promise<void> {
		if (section.length === 0) {
			return;
		}

		this.#wanted += section.length;
		this.#taking = Promise.withResolvers();
		this.#archive.append(section, {name: 'section'});
		await this.#taking.promise;
	}

	/** Resolves when the memory of all sections so far may be used again. */
	async done(): Promise<void> {
		return this.#hash.done();
	}

	/** Makes this the place that `rewind` comes back to. */
	mark(): void {
		this.#markedLength = this.#object.length;
		this.#hash.mark();
	}

	/** Takes back what came after the last mark. */
	rewind(): void {
		this.#object.rewind(this.#markedLength);
		this.#hash.rewind();
	}

	/** Makes the archive durable under its name. */
	async finish(): Promise<{readonly sizeBytes: number; readonly sha256: string}> {
		await this.#archive.finalize();
		await this.#ended.promise;
		const sizeBytes = this.#object.length;
		const sha256 = await this.#hash.digest();
		await this.#object.commit();

		return {sizeBytes, sha256};
	}

	/** Leaves nothing of it behind. */
	abort(): void {
		this.#archive.abort();
		this.#object.abort();
	}
}
