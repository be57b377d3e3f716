/** Little-endian binary reading and writing with bounds checked: what the format's records are made of. */
import {Buffer} from 'node:buffer';

export class FormatError extends Error {
	override readonly name = 'FormatError';
}

const initialCapacity = 4096;
const nanosecondsPerSecond = 1_000_000_000n;

/** A buffer that grows as it is written. */
export class ByteWriter {
	#bytes: Buffer;
	#length = 0;

	constructor(capacity = initialCapacity) {
		this.#bytes = Buffer.allocUnsafe(capacity);
	}

	#reserve(count: number): Buffer {
		if (this.#length + count > this.#bytes.length) {
			const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
			grown.set(this.#bytes.subarray(0, this.#length));
			this.#bytes = grown;
		}

		return this.#bytes;
	}

	get length(): number {
		return this.#length;
	}

	u8(value: number): this {
		this.#length = this.#reserve(1).writeUInt8(value, this.#length);
		return this;
	}

	u16(value: number): this {
		this.#length = this.#reserve(2).writeUInt16LE(value, this.#length);
		return this;
	}

	u32(value: number): this {
		this.#length = this.#reserve(4).writeUInt32LE(value, this.#length);
		return this;
	}

	/** A whole number up to 2⁵³. */
	u64(value: number): this {
		return this.u32(value % 0x1_00_00_00_00).u32(Math.floor(value / 0x1_00_00_00_00));
	}

	i64(value: bigint): this {
		this.#length = this.#reserve(8).writeBigInt64LE(value, this.#length);
		return this;
	}

	/** Nanoseconds since 1970 in the full range of 64-bit seconds, before 1970 too. */
	timeNs(value: bigint): this {
		const nanoseconds = ((value % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;

		return this.i64((value - nanoseconds) / nanosecondsPerSecond).u32(Number(nanoseconds));
	}

	bytes(value: Uint8Array): this {
		this.#reserve(value.length).set(value, this.#length);
		this.#length += value.length;
		return this;
	}

	/** Bytes written as hexadecimal digits. */
	hex(value: string): this {
		this.#reserve(value.length / 2).write(value, this.#length, 'hex');
		this.#length += value.length / 2;
		return this;
	}

	/** Bytes of a raw string, without a length. */
	raw(value: string): this {
		this.#reserve(value.length).write(value, this.#length, 'latin1');
		this.#length += value.length;
		return this;
	}

	/** A raw string with its length before it. */
	text(value: string): this {
		return this.u32(value.length).raw(value);
	}

	/** A view of what was written; valid until the next write. */
	view(): Buffer {
		return this.#bytes.subarray(0, this.#length);
	}

	/** A copy of what was written. */
	take(): Buffer {
		return Buffer.from(this.view());
	}

	clear(): void {
		this.#length = 0;
	}
}

/** Reads in order from a buffer; reading past the end is a `FormatError`, never a value. */
export class ByteReader {
	readonly #bytes: Buffer;
	#offset: number;

	constructor(bytes: Uint8Array, offset = 0) {
		this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#offset = offset;
	}

	#advance(count: number): number {
		const start = this.#offset;

		if (count > this.#bytes.length - start) {
			throw new FormatError(`a record ends after ${this.#bytes.length} bytes where ${start + count} were expected`);
		}

		this.#offset = start + count;
		return start;
	}

	get offset(): number {
		return this.#offset;
	}

	get remaining(): number {
		return this.#bytes.length - this.#offset;
	}

	u8(): number {
		return this.#bytes.readUInt8(this.#advance(1));
	}

	u16(): number {
		return this.#bytes.readUInt16LE(this.#advance(2));
	}

	u32(): number {
		return this.#bytes.readUInt32LE(this.#advance(4));
	}

	u64(): number {
		const low = this.u32();
		return (this.u32() * 0x1_00_00_00_00) + low;
	}

	i64(): bigint {
		return this.#bytes.readBigInt64LE(this.#advance(8));
	}

	timeNs(): bigint {
		return (this.i64() * nanosecondsPerSecond) + BigInt(this.u32());
	}

	/** A view, not a copy. */
	bytes(count: number): Buffer {
		const start = this.#advance(count);
		return this.#bytes.subarray(start, start + count);
	}

	raw(count: number): string {
		const start = this.#advance(count);
		return this.#bytes.toString('latin1', start, start + count);
	}

	text(): string {
		return this.raw(this.u32());
	}
}
