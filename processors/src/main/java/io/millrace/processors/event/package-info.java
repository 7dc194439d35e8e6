/** The JSON that functions are called with, the notices of what was given up, and the filters. */
package io.millrace.processors.event;
