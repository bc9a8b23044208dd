package dev.weir.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the JSON Schema says of a value beyond its Java type. Written on the records of this
 * package; read when the schema is generated, never at run time.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
@interface Describe {
  /** One or two sentences for whoever edits a configuration. */
  String value();

  /** The default as it would be written; empty: none, or told in the description. */
  String defaults() default "";

  /** The least value, as it would be written ({@code 1}, {@code 10ms}); empty: none. */
  String min() default "";

  /** The greatest value, as it would be written; empty: none. */
  String max() default "";

  /** The only values allowed; empty: any. */
  String[] oneOf() default {};

  /** The form of a text, one of {@link Form}; for maps and lists: of their values. */
  Form form() default Form.FREE;

  /** Whether it must be given. */
  boolean required() default false;
}
