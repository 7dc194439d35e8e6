/**
 * Who may do what: policy documents in the language of AWS IAM, and what they say of a request.
 * Start at {@link io.millrace.engine.access.AccessRules}. Values only: nothing here knows a stream.
 */
package io.millrace.engine.access;
