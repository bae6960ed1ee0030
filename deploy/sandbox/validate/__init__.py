"""The forms that Discord accepts: each module checks one kind of body and says what is wrong, field by field."""
