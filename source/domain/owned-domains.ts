/** Which domains belong to an account. */
import type {Identity} from './account.ts';

type Claimant = Pick<Identity, 'uuid' | 'domains'>;

/**
Whether a domain is the account's: declared for it, or below one that is. The longest declared one decides: `shop.example.com` is not the account's of `example.com` where another has it.
*/
export const isOwnDomain = (name: string, account: Claimant, identities: readonly Claimant[]): boolean => {
	const own = longestCover(name, account.domains);

	return own > 0 && identities.every(other => other.uuid === account.uuid || longestCover(name, other.domains) <= own);
};

/** The length of the longest domain that a name is or lies below; 0: none. */
const longestCover = (name: string, domains: readonly string[]): number => Math.max(0, ...domains.filter(domain => name === domain || name.endsWith(`.${domain}`)).map(domain => domain.length));
