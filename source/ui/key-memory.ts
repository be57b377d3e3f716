import {Buffer} from 'node:buffer';
import type {Context} from '../actions/context.ts';
import type {NeededBy, NeededKey} from '../actions/owner-keys.ts';

export type OwnerKeys = NonNullable<Context['ownerKeys']>;
/** Asks for one key; `undefined`: the operator would not give it. */
export type AskOwnerKey = (needed: NeededKey) => Promise<OwnerKeys | undefined>;

const idleMs = 600_000;

/**
Private keys of owners in this terminal's memory: asked for when something is read that needs them, forgotten when no key of the keyboard was pressed for ten minutes, and at the end.
Who would not give one is not asked again before the next act.
*/
export class KeyMemory {
	readonly #asking = new Map<string, Promise<void>>();
	readonly #declined = new Set<string>();
	readonly #now: () => Date;
	#ask: AskOwnerKey = async () => undefined;
	#keys: OwnerKeys | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** Milliseconds since 1970. */
	#touchedAt = 0;

	constructor(now: () => Date) {
		this.#now = now;
	}

	async #askFor(needed: NeededKey): Promise<void> {
		const {keyNeeded} = await import('../actions/owner-keys.ts');
		this.#declined.add(needed.fingerprint);
		const given = await this.#ask(needed);
		const privateKey = given?.find(needed.fingerprint);

		if (given === undefined || privateKey === undefined) {
			throw keyNeeded([needed]);
		}

		this.#forgetWhenIdle();
		this.#keys ??= given;
		this.#keys.add({fingerprint: needed.fingerprint, privateKey});
		this.#declined.delete(needed.fingerprint);
		this.#stay();
	}

	/** A machine that slept kept the timer from running. */
	#forgetWhenIdle(): void {
		if (this.#keys !== undefined && this.#now().getTime() - this.#touchedAt >= idleMs) {
			this.forget();
		}
	}

	#stay(): void {
		this.#touchedAt = this.#now().getTime();
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.forget();
		}, idleMs);
		this.#timer.unref();
	}

	get keys(): Context['ownerKeys'] {
		this.#forgetWhenIdle();

		return this.#keys;
	}

	/** How the operator is asked. */
	askWith(ask: AskOwnerKey): void {
		this.#ask = ask;
	}

	/**
	Sees to it that what is read next can be.
	@throws UserError `key` where a key was not given, and what asking for it throws.
	*/
	async require(context: Context, by: NeededBy): Promise<void> {
		const {keyNeeded, listNeededKeys, missingKeys} = await import('../actions/owner-keys.ts');

		for (const needed of missingKeys(await listNeededKeys(context, by), this.keys)) {
			const {fingerprint} = needed;
			const asked = this.#asking.get(fingerprint);

			if (asked === undefined && this.#declined.has(fingerprint)) {
				throw keyNeeded([needed]);
			}

			// What is read at once for one screen asks once.
			const asking = asked ?? this.#askFor(needed).finally(() => {
				this.#asking.delete(fingerprint);
			});
			this.#asking.set(fingerprint, asking);
			await asking;
		}
	}

	/** The operator does something: what was not given may be asked for again. */
	askAgain(): void {
		this.#declined.clear();
	}

	/** A key was pressed. */
	touch(): void {
		if (this.keys !== undefined) {
			this.#stay();
		}
	}

	forget(): void {
		clearTimeout(this.#timer);
		this.#keys?.forget();
		this.#keys = undefined;
	}
}

/** Whether a text is a key, or the beginning of one, and not a path. */
export const isKeyText = (text: string): boolean => text.includes('-----BEGIN PGP');

const armour = /-----BEGIN PGP PRIVATE KEY BLOCK-----(?<body>.*)-----END PGP PRIVATE KEY BLOCK-----/sv;

/** An armoured key whose lines a paste has joined. */
export const unfoldKey = (pasted: string): Uint8Array => {
	const body = armour.exec(pasted)?.groups?.body;

	if (body === undefined) {
		return Buffer.from(pasted);
	}

	const words = body.split(/\s+/v).filter(word => word !== '');
	// Headers, such as the version of the program, stand before the first long line.
	const first = words.findIndex(word => word.length >= 40);

	return Buffer.from(['-----BEGIN PGP PRIVATE KEY BLOCK-----', '', ...words.slice(Math.max(0, first)), '-----END PGP PRIVATE KEY BLOCK-----', ''].join('\n'));
};
