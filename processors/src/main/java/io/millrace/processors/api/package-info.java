/**
 * What users and mappings say to each other: {@link io.millrace.processors.api.MappingOptions}, the
 * requests, what a mapping tells of itself, and the errors.
 */
package io.millrace.processors.api;
