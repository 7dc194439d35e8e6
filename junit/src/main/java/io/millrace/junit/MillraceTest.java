package io.millrace.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class with an engine of its own, which speaks the API of Kinesis on a free port.
 *
 * <pre>{@code
 * @MillraceTest(streams = "orders:2")
 * class OrdersTest {
 *   @Test
 *   void storesAnOrder(KinesisClient kinesis) { ... }
 * }
 * }</pre>
 *
 * <p>The engine starts before the first test method that asks for anything of it, lives for the
 * whole class, and is gone with all its streams afterwards. Methods, constructors and life-cycle
 * methods may have parameters of these types:
 *
 * <ul>
 *   <li>{@link java.net.URI}: the endpoint, for clients that a test makes itself
 *   <li>{@code KinesisClient} and {@code KinesisAsyncClient}: official clients of it, with
 *       everything set
 *   <li>{@link io.millrace.engine.StreamClient} and {@link io.millrace.engine.Millrace}: the engine
 *       without a wire between
 * </ul>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MillraceExtension.class)
public @interface MillraceTest {

  /** Streams that are there from the start, ACTIVE: {@code name:shards}. */
  String[] streams() default {};

  /** Whether the rates of Kinesis are enforced; most tests are better off without. */
  boolean limits() default false;
}
