import type {HiddenAccounts, SourceAccount} from '../../domain/source-account.ts';

/** Where accounts come from: the Unix user database, or another panel's. A source is one module. */
export type AccountSource = {
	/** @throws AccountSourceError when it cannot be read or trusted: then nothing may be concluded from it. */
	read(today: Date): Promise<SourceReading>;
};

export type SourceReading = {
	readonly accounts: readonly SourceAccount[];
	readonly hidden: readonly HiddenAccounts[];
};

/** The source is broken; the message is a sentence for the operator. */
export class AccountSourceError extends Error {
	override readonly name = 'AccountSourceError';
}
