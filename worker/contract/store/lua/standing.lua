-- {place, eta in ms}: an estimate; -1 where unknown.
return standing(ARGV[1], tonumber(ARGV[2]))
