package template

// branch is Fn::If: the value of the branch that its condition says.
func (s *stack) branch(arg any) any {
	list, _ := arg.([]any)
	if len(list) != 3 {
		return later{why: "Fn::If wants a condition and two values; give all three"}
	}
	name, _ := list[0].(string)
	yes, unknown := s.condition(name)
	switch {
	case unknown != nil:
		return *unknown
	case yes:
		return s.value(list[1])
	}
	return s.value(list[2])
}

// condition evaluates a condition by its name. What it depends on may not be known.
func (s *stack) condition(name string) (bool, *later) {
	def, ok := object(s.root["Conditions"])[name]
	if !ok || s.visiting[name] {
		return false, &later{why: "there is no condition " + name + "; add it"}
	}
	if s.visiting == nil {
		s.visiting = map[string]bool{}
	}
	s.visiting[name] = true
	defer delete(s.visiting, name)
	return s.boolean(def)
}

func (s *stack) boolean(v any) (bool, *later) {
	for name, arg := range object(v) {
		list, _ := arg.([]any)
		switch name {
		case "Condition":
			id, _ := arg.(string)
			return s.condition(id)
		case "Fn::Equals":
			if len(list) == 2 {
				return s.equal(list)
			}
		case "Fn::Not":
			if len(list) == 1 {
				yes, unknown := s.boolean(list[0])
				return !yes, unknown
			}
		case "Fn::And":
			return s.all(list, true)
		case "Fn::Or":
			return s.all(list, false)
		}
	}
	return false, &later{why: "a condition is none of Condition, Fn::Equals, Fn::Not, Fn::And and Fn::Or; mend it"}
}

// all is And with the neutral value true, and Or with false.
func (s *stack) all(list []any, neutral bool) (bool, *later) {
	var unknown *later
	for _, e := range list {
		yes, l := s.boolean(e)
		if l == nil && yes != neutral {
			return yes, nil
		}
		if l != nil {
			unknown = l
		}
	}
	return neutral, unknown
}

func (s *stack) equal(list []any) (bool, *later) {
	var values [2]string
	for i, e := range list {
		v := s.value(e)
		if l, ok := v.(later); ok {
			return false, &l
		}
		values[i], _ = text(v)
	}
	return values[0] == values[1], nil
}
