/** An argument as it must stand in a shell command; in quotes only where needed. */
export const quoteArgument = (argument: string): string => /^[\w%+,\-.\/:=@]+$/v.test(argument) ? argument : `'${argument.replaceAll('\'', String.raw`'\''`)}'`;
