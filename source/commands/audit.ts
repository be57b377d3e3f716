import {followAudit, readAudit} from '../actions/audit.ts';
import type {AuditEntry} from '../domain/audit.ts';
import {fromText, toScreen} from '../domain/raw-name.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {defineCommand} from './command.ts';
import {showTime} from './show-time.ts';

export const audit = defineCommand({
	arguments: [],
	options: {
		since: {type: 'text', placeholder: 'T', meaning: 'only from this time on, such as 2026-11-20 or 2026-11-20T14:00:00Z'},
		user: {type: 'text', placeholder: 'U', meaning: 'only what this user did'},
		follow: {type: 'flag', meaning: 'goes on with what is added, until Ctrl-C'},
	},
	json: '{"entries": […]}, the oldest first, each with at, user, action, target, fields (names of what was given; values are not written down), result (done, or why not; of a task that was carried out, its state), detail (where there is more to say); with --follow one a line',
	details: ['Each act that changes something is in it before it is reported done. The log lies in "audit" in the state directory, one line of JSON each; full files are put aside and stay.'],
	examples: ['holdfast audit --since 2026-11-20 --user carol', 'holdfast audit --follow'],
	needs: 'setup',
	async run({context, options, output, interruption}) {
		const filter = {since: parseSince(options.since), user: options.user};

		if (options.follow) {
			await followAudit(context, {
				...filter,
				signal: interruption(),
				onEntries(entries) {
					for (const entry of entries) {
						output.event(entry, () => describe(entry));
					}
				},
			});
			return;
		}

		const {entries, unreadableCount} = await readAudit(context, filter);

		if (unreadableCount > 0) {
			output.note(`${countOf(unreadableCount, 'line')} of the log could not be read: cut off by a crash, or changed.`);
		}

		await output.result({entries}, () => entries.length === 0 ? 'Nothing is in the audit log that fits.' : entries.map(entry => describe(entry)).join('\n'));
	},
});

const describe = ({at, user, action, target, result, detail = ''}: AuditEntry): string => [showTime(at), user, action, target ?? '', result, detail].filter(part => part !== '').map(part => toScreen(fromText(part))).join('  ');

const parseSince = (text: string | undefined): string | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const time = Date.parse(text);

	if (Number.isNaN(time)) {
		throw new UserError(`"${text}" is no time.`, {code: 'usage', hint: 'Write one such as 2026-11-20 or 2026-11-20T14:00:00Z.'});
	}

	return new Date(time).toISOString();
};
