/** On-demand capacity over weeks of made-up traffic, in seconds of simulated time. */
package io.millrace.examples.capacity;
