import {escapeText, toScreen} from '../domain/raw-name.ts';
import {composeMail, recipientsOf} from '../domain/notification.ts';
import type {Task} from '../domain/task.ts';
import {timeZone} from '../domain/time-zone.ts';
import {settingValue} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {sendMail} from '../system/send-mail.ts';

type NotifierOptions = {
	readonly store: Store;
	readonly log: (text: string) => void;
	/** Aborted when the runner is told to end: what is on its way then has a moment more. */
	readonly signal: AbortSignal;
};

/** A program or server that neither takes a mail nor refuses it holds up the end of a runner no longer than this. */
const patienceMs = 60_000;
/** Less than a runner that is told to end has itself. */
const lastPatienceMs = 5000;

/** Mails the results of tasks, beside the work: a mail that cannot be sent is logged, and changes no result. */
export class Notifier {
	readonly #options: NotifierOptions;
	readonly #sending = new Set<Promise<void>>();
	readonly #ending = new AbortController();

	constructor(options: NotifierOptions) {
		this.#options = options;

		options.signal.addEventListener('abort', () => {
			setTimeout(() => {
				this.#ending.abort(new Error('Holdfast was told to end before it was taken'));
			}, lastPatienceMs).unref();
		}, {once: true});
	}

	async #send(task: Task): Promise<void> {
		const {store, log} = this.#options;

		try {
			const [{values}, {identities}] = await Promise.all([store.read('settings'), store.read('accounts')]);
			const setting = <Key extends Parameters<typeof settingValue>[2]>(key: Key) => settingValue(store, values, key);
			const email = identities.find(({uuid}) => uuid === task.accountUuid)?.email ?? null;
			const recipients = recipientsOf({
				task, on: setting('notify.on'), to: setting('notify.to'), email,
			});

			if (recipients.length === 0) {
				return;
			}

			const {backups} = task.accountUuid === null || task.kind !== 'backup' ? {backups: []} : await store.read('backups', task.accountUuid);
			const mail = composeMail({
				task, backup: backups.find(({id}) => id === task.backup), machine: setting('machine.name'), zone: timeZone(setting('schedules.timeZone')),
			});
			// Customers are not told the addresses of administrators.
			await sendMail({...mail, recipients, to: email === null ? recipients : [email]}, {
				sendmail: setting('notify.sendmail'), smtp: setting('notify.smtp'), user: setting('notify.smtpUser'), passwordFile: setting('notify.smtpPasswordFile'),
			}, AbortSignal.any([this.#ending.signal, timeoutAfter(patienceMs)]));
		} catch (error) {
			log(`The mail about the ${task.kind} of ${toScreen(task.account ?? 'all')} (task ${task.id}) could not be sent: ${onOneLine((error as Error).message)}.`);
		}
	}

	/** Sends the mail about a task that has ended, if anybody wants it. */
	notify(task: Task): void {
		const sending = this.#send(task);
		this.#sending.add(sending);

		void sending.finally(() => {
			this.#sending.delete(sending);
		});
	}

	/** Resolves when nothing is on its way any more. */
	async settle(): Promise<void> {
		await Promise.all(this.#sending);
	}
}

/** What a server answers can be anything. */
const onOneLine = (text: string): string => escapeText(text.replaceAll(/\s+/gv, ' '));

const timeoutAfter = (milliseconds: number): AbortSignal => {
	const controller = new AbortController();
	setTimeout(() => {
		controller.abort(new Error(`it was neither taken nor refused for ${milliseconds / 1000} s`));
	}, milliseconds).unref();

	return controller.signal;
};
