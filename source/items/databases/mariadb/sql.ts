/** Pieces of SQL, quoted so that no name or text can be more than itself, in any SQL mode. */
import {Buffer} from 'node:buffer';

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** The name of a database in a grant, where `_` and `%` are wildcards. */
export const quoteGrantedName = (name: string): string => quoteName(name.replaceAll(/[%\\_]/gv, String.raw`\$&`));

export const quoteText = (text: string): string => `CONVERT(X'${Buffer.from(text).toString('hex')}' USING utf8mb4)`;

/** A user of a certain host, as an account name in SQL takes it. */
export const quoteUser = ({user, host}: {readonly user: string; readonly host: string}): string => `${quoteName(user)}@${quoteName(host)}`;

/** Runs a text as one statement, so that nothing in it can begin another. */
export const single = (statement: string): string => `EXECUTE IMMEDIATE ${quoteText(statement)};`;

/** The rows that the client prints with `--batch`. */
export const parseRows = (output: string): ReadonlyArray<readonly string[]> => output === ''
	? []
	: output.replace(/\n$/v, '').split('\n').map(line => line.split('\t').map(field => field.replaceAll(/\\(?<code>.)/gsv, (_, code: string) => escapes[code] ?? code)));

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', 0: '\0'};
