import process from 'node:process';
import {findFiles, type Match} from '../actions/find-files.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {matchFields, matchToJson} from './backup-json.ts';
import {defineCommand} from './command.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {tellDamage} from './tell-damage.ts';
import {showFileTime} from './show-time.ts';

export const backupFind = defineCommand({
	arguments: [{name: 'PATTERN', meaning: 'a bare word matches any name that contains it; else * and ? within a name, ** across folders, {a,b}, [abc]; with a / the pattern begins at the home'}],
	options: {
		account: {type: 'text', placeholder: 'NAME', meaning: 'only backups of this account'},
		...ownerKeyOptions,
	},
	json: `{"matches": […]}, each with ${matchFields}; versions are the different contents, the newest first`,
	details: ['Ends with 7 when a backup could not be searched because it is damaged.'],
	examples: ['holdfast backup find wp-config', 'holdfast backup find \'public_html/**/*.php\' --account alice'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output} = invocation;
		const [pattern] = values;
		// Among all accounts those whose keys are not here are named, and the others searched.
		const context = await withOwnerKeys(invocation, {type: 'account', account: options.account}, {isOptional: options.account === undefined});
		const {matches, archives, problems} = await findFiles(context, {pattern, account: options.account});
		await output.result({matches: matches.map(match => matchToJson(match))}, () => describe(matches));

		if (archives.length > 0) {
			process.stderr.write(`${countOf(archives.length, 'archived backup')} could not be searched: restore one into a folder with "holdfast restore ${archives[0]!} --to DIR" and look there.\n`);
		}

		return tellDamage(problems.map(({error}) => error), output);
	},
});

const describe = (matches: readonly Match[]): string => matches.length === 0
	? 'Nothing found.'
	: [...matches.map(match => describeMatch(match)), '', `${countOf(matches.length, 'path')} found.`].join('\n');

const describeMatch = ({path, account, backups, versions}: Match): string => [
	`${toScreen(account)}: ${toScreen(path)}  in ${countOf(backups.length, 'backup')}, ${countOf(versions.length, 'version')}`,
	...versions.map(({backup, sizeBytes, modifiedNs}) => `    ${backup}  ${formatBytes(sizeBytes).padStart(7)}  ${showFileTime(modifiedNs)}`),
].join('\n');
