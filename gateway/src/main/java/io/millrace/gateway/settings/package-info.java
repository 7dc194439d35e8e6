/** How a gateway listens, to whom, and how much it lets in at once. */
package io.millrace.gateway.settings;
