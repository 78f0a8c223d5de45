/** Marks that reorder the text around them: what is read is not what is there. */
export const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
