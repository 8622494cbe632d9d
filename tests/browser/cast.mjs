// Who plays in the stories: the demo's personas as the sign-in page names them, and the person they look for.
// One file, so that the demo may rename them without the stories being rewritten.

export const GP = /GP/;
export const RECEPTIONIST = /reception/i;
export const RECORDS_OFFICER = /records officer/i;

// An invented person of the demo sample, known to several feeds.
export const PERSON = 'Ashworth';

// What the summary shows of clinical matters: for a clinician, and never for reception.
export const CLINICAL = ['Problems', 'Allergies', 'Medicines', 'Results'];
