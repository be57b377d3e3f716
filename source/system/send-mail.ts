import type {Buffer} from 'node:buffer';
import {hostname} from 'node:os';
import type {Mail} from '../domain/notification.ts';
import {fromText} from '../domain/raw-name.ts';
import {readPasswordFile} from './password-file.ts';
import {runTool} from './run-tool.ts';
import {whenAborted} from './when-aborted.ts';

export type MailRoute = {
	/** The program that sends mail. */
	readonly sendmail: string;
	/** `host:port` of a server that does instead, or `none`. */
	readonly smtp: string;
	/** Whom to log in as there, or `none`. */
	readonly user: string;
	/** Of that user; or `none`. */
	readonly passwordFile: string;
};

export type Letter = Mail & {
	/** Who gets it. */
	readonly recipients: readonly string[];
	/** Whom it names as those it is for. */
	readonly to: readonly string[];
};

/** A server that does not answer holds up the end of a runner no longer than this. */
const patienceMs = 20_000;

/**
Sends one mail to all its recipients. The signal ends the wait for whoever should take it, with its reason.
@throws Error saying why it was not taken.
*/
export const sendMail = async (letter: Letter, route: MailRoute, signal: AbortSignal): Promise<void> => {
	const sending = route.smtp === 'none' ? giveToProgram(letter, route.sendmail, signal) : giveToServer(letter, route);

	await Promise.race([sending, rejectWhenAborted(signal)]);
};

const rejectWhenAborted = async (signal: AbortSignal): Promise<never> => {
	await whenAborted(signal);
	throw signal.reason as Error;
};

const giveToProgram = async (letter: Letter, program: string, signal: AbortSignal): Promise<void> => {
	const {createTransport} = await import('nodemailer');
	const {message} = await createTransport({streamTransport: true, buffer: true, newline: 'unix'}).sendMail(composeLetter(letter)) as {readonly message: Buffer};
	const strange = letter.recipients.find(recipient => recipient.startsWith('-'));

	if (strange !== undefined) {
		throw new Error(`"${strange}" would be an option to ${program}, not an address`);
	}

	const result = await runTool(program, ['-i', '-f', senderAddress(), ...letter.recipients.map(recipient => fromText(recipient))], {input: message, signal});

	if (result === undefined) {
		throw new Error(`there is no program ${program}`);
	}

	if (result.status !== 0) {
		throw new Error(`${program} ended with ${result.status}${result.complaint === '' ? '' : `: ${result.complaint}`}`);
	}
};

const giveToServer = async (letter: Letter, route: MailRoute): Promise<void> => {
	// Loaded when there is something to send.
	const {createTransport} = await import('nodemailer');
	const login = route.user === 'none' ? undefined : {user: route.user, pass: await readPasswordFile(route.passwordFile)};
	const transport = createTransport({
		// eslint-disable-next-line @typescript-eslint/naming-convention -- nodemailer's name
		...parseServer(route.smtp), ...login && {auth: login, requireTLS: !isLocal(route.smtp)}, connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs,
	});

	try {
		const {rejected} = await transport.sendMail(composeLetter(letter)) as {readonly rejected?: readonly string[]};

		if (rejected !== undefined && rejected.length > 0) {
			throw new Error(`the server took it, but not for ${rejected.join(', ')}`);
		}
	} finally {
		transport.close();
	}
};

const senderAddress = (): string => `holdfast@${hostname()}`;

const composeLetter = ({recipients, to, subject, text}: Letter) => ({
	from: {name: 'Holdfast', address: senderAddress()},
	envelope: {from: senderAddress(), to: [...recipients]},
	to: [...to],
	subject,
	text,
	// No holiday notices come back to a program.
	headers: {'Auto-Submitted': 'auto-generated'},
	disableFileAccess: true,
	disableUrlAccess: true,
});

/** What goes to this machine itself passes no network; anywhere else a password is only said under TLS. */
const isLocal = (server: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::|$)/v.test(server);

/** Port 465 speaks TLS from the start; others are asked for it (STARTTLS) and take it where it is offered. */
const parseServer = (server: string): {readonly host: string; readonly port: number; readonly secure: boolean} => {
	const match = /^(?<host>\[[\d:a-f]+\]|[^\s:]+)(?::(?<port>\d{1,5}))?$/v.exec(server);
	const port = Number(match?.groups?.port ?? 25);

	if (match === null) {
		throw new Error(`"${server}" is no server: write host:port in notify.smtp`);
	}

	return {host: match.groups!.host!.replaceAll(/[\[\]]/gv, ''), port, secure: port === 465};
};
