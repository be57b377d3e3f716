/** Where the bytes of a package go: into a file as they are, or encrypted on their way, so that nothing of it is ever on disk in the clear. */
import {createHash} from 'node:crypto';
import path from 'node:path';
import {LocalWriter} from '../storage/local-writer.ts';
import {ArchiveWriter} from '../tar/archive-writer.ts';
import {OwnHash} from '../tar/section-hash.ts';

export type PackageSink = {
	/** One at a time; when it resolves, the memory may be used again. */
	append(section: Uint8Array): Promise<void>;
	/** Makes the file durable under its name. */
	finish(): Promise<{readonly sizeBytes: number; readonly sha256: string}>;
	/** Leaves nothing of it behind. */
	abort(): void;
};

/** The name a package has while it is written. */
export const unfinishedName = (file: string): string => path.join(path.dirname(file), `.${path.basename(file)}.unfinished`);

/** `file` must not exist; `recipient`: an armoured OpenPGP public key. */
export const openSink = async (file: string, recipient: string | null): Promise<PackageSink> => {
	const writer = new LocalWriter({
		temporaryPath: unfinishedName(file), finalPath: file, prepare: () => undefined,
	});

	try {
		return recipient === null ? await ArchiveWriter.open(writer, new OwnHash()) : await EncryptedSink.open(writer, recipient);
	} catch (error) {
		writer.abort();
		throw error;
	}
};

class EncryptedSink implements PackageSink {
	/** As plain gpg 2.2 reads it: no AEAD, nothing compressed a second time. */
	static async open(writer: LocalWriter, recipient: string): Promise<EncryptedSink> {
		const {createMessage, encrypt, readKey} = await import('openpgp');
		const plain = new TransformStream<Uint8Array, Uint8Array>();
		const key = await readKey({armoredKey: recipient});
		const message = await createMessage({binary: plain.readable as never});
		const encrypted = await encrypt({message, encryptionKeys: key, format: 'binary'}) as unknown as ReadableStream<Uint8Array>;

		return new EncryptedSink(writer, plain.writable.getWriter(), encrypted);
	}

	readonly #writer: LocalWriter;
	readonly #plain: WritableStreamDefaultWriter<Uint8Array>;
	readonly #hash = createHash('sha256');
	readonly #written: Promise<void>;

	private constructor(writer: LocalWriter, plain: WritableStreamDefaultWriter<Uint8Array>, encrypted: ReadableStream<Uint8Array>) {
		this.#writer = writer;
		this.#plain = plain;
		this.#written = this.#writeAll(encrypted);
		// Whoever waits for a section or the end is told; nobody else needs to be.
		this.#written.catch(() => undefined);
		plain.closed.catch(() => undefined);
	}

	async #writeAll(encrypted: ReadableStream<Uint8Array>): Promise<void> {
		for await (const bytes of encrypted) {
			this.#hash.update(bytes);
			await this.#writer.append(bytes);
		}
	}

	async append(section: Uint8Array): Promise<void> {
		// A copy: the stream keeps what it was given for a while.
		const taken = this.#plain.write(Uint8Array.from(section));
		taken.catch(() => undefined);
		// Only a failure ends the writing before the plain end is there.
		await Promise.race([taken, this.#written]);
	}

	async finish(): Promise<{readonly sizeBytes: number; readonly sha256: string}> {
		await Promise.race([this.#plain.close(), this.#written]);
		await this.#written;
		const sizeBytes = this.#writer.length;
		await this.#writer.commit();

		return {sizeBytes, sha256: this.#hash.digest('hex')};
	}

	abort(): void {
		this.#plain.abort().catch(() => undefined);
		this.#writer.abort();
	}
}
