dnl SPDX-License-Identifier: GPL-2.0-or-later
dnl Compiler flags of the project. They go into TC_CFLAGS and TC_LDFLAGS, never into the user's CFLAGS.

dnl TC_TRY_CFLAG(FLAG): add FLAG to TC_CFLAGS when the compiler takes it.
AC_DEFUN([TC_TRY_CFLAG], [
  AC_MSG_CHECKING([whether $CC accepts $1])
  tc_save="$CFLAGS"
  CFLAGS="$CFLAGS -Werror $1"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes]); TC_CFLAGS="$TC_CFLAGS $1"],
    [AC_MSG_RESULT([no])])
  CFLAGS="$tc_save"
])

AC_DEFUN([TC_WARNINGS], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [warnings are errors])])
  TC_CFLAGS="$TC_CFLAGS -std=gnu11"
  m4_foreach_w([tc_flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla -Wimplicit-fallthrough -Wundef
    -fno-common], [TC_TRY_CFLAG(tc_flag)])
  AS_IF([test "x$enable_werror" = xyes], [TC_CFLAGS="$TC_CFLAGS -Werror"])
  AC_SUBST([TC_CFLAGS])
  AC_SUBST([TC_LDFLAGS])
])

AC_DEFUN([TC_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers], [build with ASan and UBSan])])
  dnl A fuzzer without them would see little, and they bring the coverage symbols.
  AS_IF([test "x$enable_fuzzer" = xyes], [enable_sanitizers=yes])
  AS_IF([test "x$enable_sanitizers" = xyes], [
    TC_CFLAGS="$TC_CFLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
    TC_LDFLAGS="$TC_LDFLAGS -fsanitize=address,undefined"
  ])
])

AC_DEFUN([TC_FUZZER], [
  AC_ARG_ENABLE([fuzzer], [AS_HELP_STRING([--enable-fuzzer],
    [build the fuzzers of tests/fuzz (clang), with the sanitizers])])
  AM_CONDITIONAL([FUZZER], [test "x$enable_fuzzer" = xyes])
  AS_IF([test "x$enable_fuzzer" = xyes],
    [TC_CFLAGS="$TC_CFLAGS -fsanitize=fuzzer-no-link"])
])

AC_DEFUN([TC_HARDENING], [
  AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening], [leave out the hardening flags])])
  AS_IF([test "x$enable_hardening" != xno], [
    TC_TRY_CFLAG([-fstack-protector-strong])
    TC_TRY_CFLAG([-fPIE])
    TC_LDFLAGS="$TC_LDFLAGS -pie -Wl,-z,relro -Wl,-z,now"
    AS_IF([test "x$enable_sanitizers" != xyes && echo "$CFLAGS" | grep -q -e -O],
      [TC_CFLAGS="$TC_CFLAGS -D_FORTIFY_SOURCE=2"])
  ])
])
