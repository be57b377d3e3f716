/** Why a state file cannot be used; the message completes "The state file accounts.json …". */
export class StateDamage extends Error {
	override readonly name = 'StateDamage';
	/** The remedy, where it is another one than a good copy. */
	readonly hint: string | undefined;

	constructor(message: string, hint?: string) {
		super(message);
		this.hint = hint;
	}
}
