# cmake -P: copies SOURCE to TARGET with the one place where it says BEFORE saying AFTER.
file(READ ${SOURCE} text)
string(REPLACE "${BEFORE}" "${AFTER}" faulty "${text}")
if(faulty STREQUAL text)
  message(FATAL_ERROR "${SOURCE} does not say: ${BEFORE}")
endif()
file(WRITE ${TARGET} "${faulty}")
