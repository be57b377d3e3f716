/** As long as an address may be where mail is carried. */
const longest = 254;

/** One plain address: nothing that a header or a mail program could read as more than that. */
export const isMailAddress = (text: string): boolean => text.length <= longest && /^(?!-)[^\s\p{Control}"\(\),:;<=>@\[\\\]]+@[^\s\p{Control}"\(\),:;<=>@\[\\\]]+$/v.test(text);
