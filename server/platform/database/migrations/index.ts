import { Foundation1764000000000 } from './1764000000000-foundation.js';
import { Notifications1764100000000 } from './1764100000000-notifications.js';
import { ResolvedAt1764100100000 } from './1764100100000-resolved-at.js';
import { AccountLinks1764200000000 } from './1764200000000-account-links.js';
import { Factors1764320000000 } from './1764320000000-factors.js';
import { AddressNotices1764330000010 } from './1764330000010-address-notices.js';
import { PopulationHabits1764337000000 } from './1764337000000-population-habits.js';
import { SignInPolicy1764340100000 } from './1764340100000-sign-in-policy.js';
import { Devices1764340200000 } from './1764340200000-devices.js';
import { ReplacedKeys1764371000000 } from './1764371000000-replaced-keys.js';
import { SignInAnswers1764365000000 } from './1764365000000-sign-in-answers.js';
import { Assessments1764372000000 } from './1764372000000-assessments.js';
import { Lessons1764373000000 } from './1764373000000-lessons.js';
import { SignInQuestions1764373000010 } from './1764373000010-sign-in-questions.js';
import { DecidedSignIns1764380000000 } from './1764380000000-decided-sign-ins.js';
import { RevokedUses1764380000010 } from './1764380000010-revoked-uses.js';
import { SessionLocks1764390000000 } from './1764390000000-session-locks.js';
import { SmsGateway1764392000000 } from './1764392000000-sms-gateway.js';
import { PepperIds1764395000000 } from './1764395000000-pepper-ids.js';
import { Recoveries1764396000000 } from './1764396000000-recoveries.js';
import { DetectionPolicies1764420000000 } from './1764420000000-detection-policies.js';
import { Warnings1764430000000 } from './1764430000000-warnings.js';
import { Incidents1764440000000 } from './1764440000000-incidents.js';
import { MessageBudgets1764441000000 } from './1764441000000-message-budgets.js';
import { Webhooks1764450644000 } from './1764450644000-webhooks.js';
import { AttemptTallies1764451058000 } from './1764451058000-attempt-tallies.js';
import { Drills1764452460693 } from './1764452460693-drills.js';
import { Team1764452751000 } from './1764452751000-team.js';
import { MailedPasswords1764453000657 } from './1764453000657-mailed-passwords.js';
import { AccountCare1764454704000 } from './1764454704000-account-care.js';
import { Triage1764454700000 } from './1764454700000-triage.js';
import { BegunIn1764454800727 } from './1764454800727-begun-in.js';
import { AttemptsByReason1764455132000 } from './1764455132000-attempts-by-reason.js';
import { TalliesOfWho1764455165000 } from './1764455165000-tallies-of-who.js';
import { ShortPasswords1764455837043 } from './1764455837043-short-passwords.js';
import { Responses1764455945044 } from './1764455945044-responses.js';
import { LevelRules1764456012045 } from './1764456012045-level-rules.js';
import { Challenges1764456200843 } from './1764456200843-challenges.js';
import { Health1764456240845 } from './1764456240845-health.js';
import { OrganisationLogo1764456320871 } from './1764456320871-organisation-logo.js';
import { GatheredMessages1764457980873 } from './1764457980873-gathered-messages.js';
import { FormerTokens1764460865017 } from './1764460865017-former-tokens.js';
import { CredentialChanges1764460899889 } from './1764460899889-credential-changes.js';
import { ReplacedDeviceTokens1764460922331 } from './1764460922331-replaced-device-tokens.js';
import { ShownNames1764462000938 } from './1764462000938-shown-names.js';
import { LinkAddresses1764462100937 } from './1764462100937-link-addresses.js';
import { NobodyIn1764462200949 } from './1764462200949-nobody-in.js';
import { FactorsChecked1764462300955 } from './1764462300955-factors-checked.js';

/** Every migration, oldest first. */
export const migrations = [
  Foundation1764000000000,
  Notifications1764100000000,
  ResolvedAt1764100100000,
  AccountLinks1764200000000,
  Factors1764320000000,
  AddressNotices1764330000010,
  PopulationHabits1764337000000,
  SignInPolicy1764340100000,
  Devices1764340200000,
  SignInAnswers1764365000000,
  ReplacedKeys1764371000000,
  Assessments1764372000000,
  Lessons1764373000000,
  SignInQuestions1764373000010,
  DecidedSignIns1764380000000,
  RevokedUses1764380000010,
  SessionLocks1764390000000,
  SmsGateway1764392000000,
  PepperIds1764395000000,
  Recoveries1764396000000,
  DetectionPolicies1764420000000,
  Warnings1764430000000,
  Incidents1764440000000,
  MessageBudgets1764441000000,
  Webhooks1764450644000,
  AttemptTallies1764451058000,
  Drills1764452460693,
  Team1764452751000,
  MailedPasswords1764453000657,
  AccountCare1764454704000,
  Triage1764454700000,
  BegunIn1764454800727,
  AttemptsByReason1764455132000,
  TalliesOfWho1764455165000,
  ShortPasswords1764455837043,
  Responses1764455945044,
  LevelRules1764456012045,
  Challenges1764456200843,
  Health1764456240845,
  OrganisationLogo1764456320871,
  GatheredMessages1764457980873,
  FormerTokens1764460865017,
  CredentialChanges1764460899889,
  ReplacedDeviceTokens1764460922331,
  ShownNames1764462000938,
  LinkAddresses1764462100937,
  NobodyIn1764462200949,
  FactorsChecked1764462300955,
];
