/** Which of the databases and their users on a server belong to an account. */
import type {Identity} from './account.ts';
import {toText} from './raw-name.ts';

export type DatabaseKind = 'mysql' | 'postgresql';

type Claimant = Pick<Identity, 'uuid' | 'name' | 'databases'>;

export type OwnershipOptions = {
	readonly kind: DatabaseKind;
	readonly account: Claimant;
	/** All that are known, dead ones too: what a removed account left is nobody else's. */
	readonly identities: readonly Claimant[];
};

/** Whether a database is the account's: declared for it, or by its name and declared for nobody else. */
export const isOwnDatabase = (name: string, options: OwnershipOptions): boolean => {
	const {kind, account, identities} = options;
	const declared = `${kind}:${name}`;

	return account.databases.includes(declared) ? true : identities.every(({databases}) => !databases.includes(declared)) && isNamedFor(name, account, identities, false);
};

/** Whether a user of a database server is the account's, by its name. */
export const isOwnUser = (name: string, {account, identities}: Omit<OwnershipOptions, 'kind'>): boolean => isNamedFor(name, account, identities, true);

/** The longest name that fits decides: `al_x_shop` is `al_x`'s where there is one, else `al`'s. */
const isNamedFor = (name: string, account: Claimant, identities: readonly Claimant[], isBareNameOne: boolean): boolean => {
	const isFor = (claimant: Claimant): boolean => name.startsWith(`${toText(claimant.name)}_`) || (isBareNameOne && name === toText(claimant.name));

	return isFor(account) && identities.every(other => !(other.name.length > account.name.length && isFor(other)));
};
