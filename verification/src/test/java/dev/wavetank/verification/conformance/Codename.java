package dev.wavetank.verification.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name that a test of the conformance suite has upstream, as in {@code
 * test/conformance/testdata/conformance.yaml}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Codename {
  String value();
}
